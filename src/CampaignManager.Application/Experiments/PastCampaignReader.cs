using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments;

/// <summary>Reads imported campaigns: do the groups fit, were they alike before, and what was the difference afterwards. Intention to treat.</summary>
public sealed class PastCampaignReader(DataLake lake, IDbContextFactory<AppDbContext> contexts)
{
    private (string Stamp, IReadOnlyList<PastCampaignReading> Read)? last;

    /// <summary>All that imports brought, oldest first; read once for each state of the lake.</summary>
    public async Task<IReadOnlyList<PastCampaignReading>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaigns = await context.Campaigns.AsNoTracking().Where(c => c.Origin == CampaignOrigin.Imported).OrderBy(c => c.StartsAt).ThenBy(c => c.Id)
            .Select(c => new { c.Id, c.Name, c.RulesJson }).ToListAsync(cancellationToken);
        if (campaigns.Count == 0)
            return [];
        var stamp = string.Join('|', [lake.StampOf(LakeTable.Exposures, LakeTable.Orders), .. campaigns.Select(c => $"{c.Id:N}{c.Name}{c.RulesJson}")]);
        if (last is { } known && known.Stamp == stamp)
            return known.Read;
        var rules = campaigns.ToDictionary(c => c.Id, c => RulesJson.Read(c.RulesJson));
        var arms = await Task.Run(() => Arms(campaigns.ConvertAll(c => (c.Id, rules[c.Id].Experiment.AttributionDays))), cancellationToken);
        IReadOnlyList<PastCampaignReading> read = [.. campaigns.Select(c => Reading(c.Id, c.Name, rules[c.Id], [.. arms.Where(a => a.Campaign == c.Id)]))];
        last = (stamp, read);
        return read;
    }

    private static PastCampaignReading Reading(Guid id, string name, CampaignRules rules, IReadOnlyList<Arm> arms)
    {
        Arm? treated = arms.FirstOrDefault(a => a.IsTreated), control = arms.FirstOrDefault(a => !a.IsTreated);
        long n1 = treated?.Count ?? 0, n0 = control?.Count ?? 0;
        var stated = arms.Sum(a => a.Stated) == n1 + n0 && n1 + n0 > 0;
        var chance = stated ? arms.Sum(a => a.ChanceSum) / (n1 + n0) : (double?)null;
        var ratio = chance is > 0 and < 1 and { } e ? SampleRatio.Test([n1, n0], [e, 1 - e]) : null;
        var (imbalance, alike) = treated is null || control is null ? (null, false) : Balance(treated, control);
        PastCampaignFault? fault = arms.Count == 0 ? PastCampaignFault.NoGroups
            : arms.Any(a => !a.Randomised) ? PastCampaignFault.NotRandomised
            : n1 == 0 || n0 == 0 ? PastCampaignFault.OneGroup
            : ratio is null ? PastCampaignFault.NoChance
            : ratio.Alarm ? PastCampaignFault.SampleRatio
            : !alike ? PastCampaignFault.Imbalance
            : arms.Any(a => a.Open) ? PastCampaignFault.StillOpen : null;
        var effect = fault is null ? Welch.DifferenceOfProportions(treated!.Converted, n1, control!.Converted, n0) : null;
        return new PastCampaignReading(
            id, name, arms.Count == 0 ? null : arms.Min(a => a.From), rules.Experiment.AttributionDays, n1, n0, chance, ratio?.PValue, imbalance, effect,
            ImportedOffer.IsKnown(rules.Offer), fault);
    }

    // Two figures of the year before; Bonferroni over both.
    private static (double? Imbalance, bool Alike) Balance(Arm treated, Arm control)
    {
        double worst = 0, p = 1;
        foreach (var (a, b) in new[] { (treated.Orders, control.Orders), (treated.Spent, control.Spent) })
        {
            var spread = Math.Sqrt((a.Variance + b.Variance) / 2);
            if (!(spread > 0))
                continue;
            worst = Math.Max(worst, Math.Abs(a.Mean - b.Mean) / spread);
            p = Math.Min(p, 2 * Welch.Difference(a, b).PValue);
        }

        return (worst, !(p < SampleRatio.AlarmBelow));
    }

    private List<Arm> Arms(List<(Guid Id, int Days)> campaigns)
    {
        using var connection = lake.Open();
        var days = string.Join(", ", campaigns.Select(c => string.Create(CultureInfo.InvariantCulture, $"('{c.Id:D}', {c.Days})")));
        return connection.Query(
            $"""
            WITH m(id, days) AS (VALUES {days}),
            e AS (SELECT x.campaign_id, x.customer_id, x.arm > 0 AS treated, x.propensity, coalesce(x.randomised, true) AS randomised, x.assigned_at,
                         x.assigned_at + to_days(m.days) AS closes_at
                  FROM {lake.Source(LakeTable.Exposures)} x JOIN m ON m.id = x.campaign_id WHERE x.assigned_at IS NOT NULL),
            last AS (SELECT coalesce(max("at"), TIMESTAMP '1970-01-01') AS at FROM {lake.CountedOrders()}),
            o AS (SELECT e.campaign_id, e.customer_id,
                         count(*) FILTER (b."at" < e.assigned_at AND b."at" >= e.assigned_at - INTERVAL 365 DAY) AS orders,
                         coalesce(sum(b.list_minor - b.discount_minor) FILTER (b."at" < e.assigned_at AND b."at" >= e.assigned_at - INTERVAL 365 DAY), 0)::DOUBLE AS spent,
                         count(*) FILTER (b."at" >= e.assigned_at AND b."at" < e.closes_at) > 0 AS converted
                  FROM e JOIN {lake.CountedOrders()} b ON b.customer_id = e.customer_id GROUP BY ALL)
            SELECT e.campaign_id, treated, count(*), count(propensity), coalesce(sum(propensity), 0)::DOUBLE, bool_and(randomised), min(assigned_at),
                   max(closes_at) > any_value(last.at), count(*) FILTER (coalesce(converted, false)), coalesce(sum(orders), 0)::DOUBLE, coalesce(sum(orders * orders), 0)::DOUBLE,
                   coalesce(sum(spent), 0)::DOUBLE, coalesce(sum(spent * spent), 0)::DOUBLE
            FROM e LEFT JOIN o USING (campaign_id, customer_id) CROSS JOIN last GROUP BY 1, 2
            """,
            Read);
    }

    private static Arm Read(DuckDBDataReader r)
    {
        var count = r.GetInt64(2);
        return new Arm(
            Guid.Parse(r.GetString(0)), r.GetBoolean(1), count, r.GetInt64(3), r.GetDouble(4), r.GetBoolean(5), DateTime.SpecifyKind(r.GetDateTime(6), DateTimeKind.Utc),
            r.GetBoolean(7), r.GetInt64(8), new ArmStatistics(count, r.GetDouble(9), r.GetDouble(10)), new ArmStatistics(count, r.GetDouble(11), r.GetDouble(12)));
    }

    private sealed record Arm(
        Guid Campaign, bool IsTreated, long Count, long Stated, double ChanceSum, bool Randomised, DateTime From, bool Open, long Converted, ArmStatistics Orders, ArmStatistics Spent);
}
