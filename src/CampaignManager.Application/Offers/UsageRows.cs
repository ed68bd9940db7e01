using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers;

/// <summary>Counters and budgets as they were read.</summary>
internal sealed class UsageRows
{
    public static readonly UsageRows None = new();

    private readonly Dictionary<(Guid Campaign, UsageKind Kind, string Key), long> used = [];
    private readonly Dictionary<Guid, long> spent = [];

    /// <summary>What was last made of these counters and those that all carts share; null as long as nothing was.</summary>
    public volatile Summed? Left;

    public long Used(Guid campaign, UsageKind kind, string key) => used.GetValueOrDefault((campaign, kind, key));

    public long Spent(Guid campaign) => spent.GetValueOrDefault(campaign);

    /// <param name="context">Where to read.</param>
    /// <param name="campaigns">Whose.</param>
    /// <param name="keys">Customer and codes.</param>
    /// <param name="sharedAt">Also what all carts share at this moment: uses in all and on the day, and budgets; null without.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<UsageRows> ReadAsync(
        AppDbContext context, IReadOnlyList<HeldCampaign> campaigns, IReadOnlySet<string> keys, DateTime? sharedAt, CancellationToken cancellationToken)
    {
        var rows = new UsageRows();
        HashSet<string> all = [.. keys];
        if (sharedAt is { } at)
        {
            all.Add("");
            all.UnionWith(campaigns.Where(c => c.Rules.Limits.UsesPerDay is not null).Select(c => c.DayOf(at)));
        }

        var ids = SqlList.Of([.. campaigns.Select(c => (object)c.Id)]);
        var names = SqlList.Of([.. all]);
        var batch = new SqlBatch(context);
        batch.Add(SqlList.In(
            """SELECT "CampaignId", "Kind", "Key", "Used" FROM "UsageCounters" WHERE "CampaignId" IN (""", ids,
            """) AND "Kind" IN (0, 1, 2, 3) AND "Key" IN (""", names, ")"));
        if (sharedAt is not null)
        {
            batch.Add(SqlList.In(
                """SELECT "Id", "DiscountSpentMinor" FROM "Campaigns" WHERE "Id" IN (""", ids, """) AND "BudgetMinor" IS NOT NULL"""));
        }

        await batch.RunAsync(
            (reader, statement) =>
            {
                if (statement == 0)
                    rows.used[(reader.GetGuid(0), (UsageKind)reader.GetInt32(1), reader.GetString(2))] = reader.GetInt64(3);
                else
                    rows.spent[reader.GetGuid(0)] = reader.GetInt64(1);
            },
            cancellationToken);
        return rows;
    }

    /// <param name="Shared">With which.</param>
    /// <param name="Usage">What is left by both.</param>
    public sealed record Summed(UsageRows Shared, Usage Usage);
}
