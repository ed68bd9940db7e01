using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What a campaign and its exposures say of how its outcomes are counted.</summary>
internal sealed class OutcomePlans(DataLake lake, IDbContextFactory<AppDbContext> contexts)
{
    /// <summary>More shares of the treated than this are no epochs: everybody had a chance of their own.</summary>
    private const int MostShares = 24;

    private const double Alike = 1e-9;

    /// <summary>Of all campaigns that were ever launched.</summary>
    public async Task<IReadOnlyList<OutcomePlan>> ListAsync(CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var launched = await context.Campaigns.AsNoTracking().Where(c => c.LaunchedAt != null).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(cancel);
        List<OutcomePlan> all = [];
        foreach (var id in launched)
        {
            if (await FindAsync(id, cancel) is { } plan)
                all.Add(plan);
        }

        return all;
    }

    /// <returns>Null where there is no such campaign, or nobody was drawn at random for it with a chance that is known.</returns>
    public async Task<OutcomePlan?> FindAsync(Guid experiment, CancellationToken cancel)
    {
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var campaign = await context.Campaigns.AsNoTracking().Where(c => c.Id == experiment && c.LaunchedAt != null)
            .Select(c => new { c.Origin, c.StartsAt, c.EndsAt, c.LaunchedAt, c.LaunchedHoldoutShare, c.HoldoutSalt, c.RulesJson }).FirstOrDefaultAsync(cancel);
        if (campaign is null || !lake.HasRows(LakeTable.Exposures))
            return null;
        var exposed = await Task.Run(() => Exposed(experiment), cancel);
        // One group alone, or somebody who was sure of it, is no experiment.
        if (exposed.Count == 0 || exposed.Any(e => e.Propensity is not (> 0 and < 1)))
            return null;
        var rules = RulesJson.Read(campaign.RulesJson);
        var salt = campaign.Origin == CampaignOrigin.App ? campaign.HoldoutSalt : null;
        var parts = exposed.GroupBy(e => e.Epoch).SelectMany(Parts).OrderBy(g => g.From).ThenBy(g => g.Stored).ThenBy(g => g.Propensity).ToList();
        if (parts.Count > MostShares)
            return null;
        var epochs = parts.Select((g, i) => g with
        {
            Number = i + 1,
            Salt = parts.Count == 1 && campaign.LaunchedHoldoutShare is { } share && Math.Abs(share - g.Arms[0].Share) < Alike ? salt : null,
        }).ToList();
        return new OutcomePlan(
            experiment, campaign.StartsAt ?? campaign.LaunchedAt, campaign.EndsAt, campaign.Origin == CampaignOrigin.Imported && campaign.EndsAt is null,
            rules.Experiment.AttributionDays, 0, Counted(rules.Scope), epochs)
        {
            IsImported = campaign.Origin == CampaignOrigin.Imported,
            LastAssigned = exposed.Max(e => e.To),
        };
    }

    /// <summary>An epoch's rows; where a share of two arms changed without one, each share is an epoch of its own: pooled, a mix of shares would pass for an effect.</summary>
    private static IEnumerable<OutcomeEpoch> Parts(IGrouping<int, Group> epoch)
    {
        var from = epoch.Min(e => e.From);
        var version = epoch.Max(e => e.Version);
        if (epoch.All(e => e.Arm <= 1))
        {
            var shares = epoch.GroupBy(e => e.Propensity!.Value).ToList();
            return shares.Select(g => new OutcomeEpoch(
                0, epoch.Key, shares.Count > 1 ? g.Key : null, version, null, g.Min(e => e.From),
                [new PlannedArm(PlannedArm.Control, 1 - g.Key), new PlannedArm(PlannedArm.Current, g.Key)]));
        }

        // Of several arms each row states the chance of its own.
        double Share(int arm) => epoch.Where(e => e.Arm == arm).Select(e => e.Propensity!.Value).FirstOrDefault();
        return
        [
            new OutcomeEpoch(0, epoch.Key, null, version, null, from,
                [.. Enumerable.Range(0, epoch.Max(e => e.Arm) + 1).Select(arm => new PlannedArm(KeyOf(arm), Share(arm)))]),
        ];
    }

    private static string KeyOf(int arm) => arm switch
    {
        0 => PlannedArm.Control,
        1 => PlannedArm.Current,
        _ => string.Create(CultureInfo.InvariantCulture, $"variant-{arm - 1}"),
    };

    private List<Group> Exposed(Guid experiment)
    {
        using var connection = lake.Open(threads: 1);
        return connection.Query(
            $"""
            SELECT epoch, arm, CASE WHEN bool_and(coalesce(randomised, true)) THEN propensity END, max(version_id), min(assigned_at), max(assigned_at)
            FROM {lake.Source(LakeTable.Exposures)} WHERE experiment_id = '{experiment:D}' AND assigned_at IS NOT NULL GROUP BY epoch, arm, propensity
            """,
            r => new Group(
                r.GetInt32(0), r.GetInt32(1), r.IsDBNull(2) ? null : r.GetDouble(2), r.IsDBNull(3) ? null : r.GetString(3), Utc(r, 4), Utc(r, 5)));
    }

    private sealed record Group(int Epoch, int Arm, double? Propensity, string? Version, DateTime From, DateTime To);

    private static DateTime Utc(DuckDBDataReader r, int column) => DateTime.SpecifyKind(r.GetDateTime(column), DateTimeKind.Utc);

    /// <summary>The goods that count as the campaign's: by category and by number, whatever it says of brands and tags.</summary>
    private static string Counted(Scope scope)
    {
        static string In(string column, IReadOnlyList<string> keys) =>
            $"coalesce({column} IN ({string.Join(", ", keys.Select(k => $"'{DataLake.Quote(k)}'"))}), false)";
        static string? Any(ScopeSelector? selector) => selector switch
        {
            null or { Categories.Count: 0, Skus.Count: 0 } => null,
            { Skus.Count: 0 } => In("l.category", selector.Categories),
            { Categories.Count: 0 } => In("l.sku", selector.Skus),
            _ => $"({In("l.category", selector.Categories)} OR {In("l.sku", selector.Skus)})",
        };
        var inside = scope.Include is { All: false } ? Any(scope.Include) : null;
        return string.Join(" AND ", new[] { inside, Any(scope.Exclude) is { } outside ? $"NOT {outside}" : null }.OfType<string>().DefaultIfEmpty("true"));
    }
}
