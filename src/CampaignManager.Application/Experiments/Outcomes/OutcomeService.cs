using System.Globalization;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What came of an experiment, counted from the lake as whole numbers.</summary>
public sealed class OutcomeService(DataLake lake, IDbContextFactory<AppDbContext> contexts, SettingsService settings, TimeProvider time) : IDisposable
{
    /// <summary>Days after the last window in which returns still come in.</summary>
    public const int ReturnDays = 30;

    private static readonly LakeTable[] Tables = [LakeTable.Exposures, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Refunds, LakeTable.Customers, LakeTable.Products, LakeTable.Aliases];

    private readonly OutcomePlans plans = new(lake, contexts);
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<Guid, (string Key, ExperimentSums Sums)> known = [];

    /// <summary>As of now; null where nobody was drawn at random for it.</summary>
    public async Task<ExperimentSums?> ReadAsync(Guid experiment, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(experiment, cancellationToken) is not { } plan)
            return null;
        var shop = await settings.GetAsync(cancellationToken);
        var asOf = time.GetUtcNow().UtcDateTime;
        // Windows close as time goes by, so what was counted is good for the hour.
        var key = string.Create(CultureInfo.InvariantCulture, $"{asOf:yyyyMMddHH} {lake.StampOf(Tables)} {shop.Version} {plan.EndsAt} {plan.AttributionDays} {plan.Counted}");
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (known.TryGetValue(experiment, out var last) && last.Key == key)
                return last.Sums;
            var sums = await Task.Run(() => Count(plan, shop, asOf, cancellationToken), cancellationToken);
            known[experiment] = (key, sums);
            return sums;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private ExperimentSums Count(OutcomePlan plan, ShopSettings shop, DateTime asOf, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var frozen = new MoneyHistory(lake, shop, plan).Read(connection, cancel);
        plan = plan with { Frozen = frozen };
        var freshness = connection.Query(
            $"""SELECT max("at") FROM (SELECT max("at") AS "at" FROM {lake.Source(LakeTable.Orders)} UNION ALL SELECT max("at") FROM {lake.Source(LakeTable.Events)})""",
            r => r.IsDBNull(0) ? (DateTime?)null : DateTime.SpecifyKind(r.GetDateTime(0), DateTimeKind.Utc))[0];
        var tables = new OutcomeTables(lake, shop, plan);
        var reader = new OutcomeReader(plan, shop, asOf, freshness);
        var tally = new OutcomeTally(plan, reader.Readings);
        DateTime? closes = null;
        for (var bucket = 0; bucket < lake.Buckets; bucket++)
        {
            foreach (var step in tables.Make(bucket))
                connection.Run(step, cancel);
            tally.Add(reader.Sums(connection));
            tally.Assigned(reader.Assigned(connection));
            tally.Balance(OutcomeReader.Balance(connection));
            tally.Mismatches(tables.Mismatches(connection));
            closes = Later(closes, LastClose(connection));
        }

        return new ExperimentSums(
            plan.Experiment, asOf, freshness, closes, closes is not { } last || asOf < last.AddDays(ReturnDays), frozen.Cap, frozen.CapTop, shop.Currency, Leaks(connection, plan), tally.Epochs);
    }

    // While somebody's window has no end there is none of all.
    private static DateTime? LastClose(DuckDBConnection connection) => connection.Query(
        "SELECT CASE WHEN count(*) > count(closes_at) THEN NULL ELSE max(closes_at) END FROM customers",
        r => r.IsDBNull(0) ? (DateTime?)null : DateTime.SpecifyKind(r.GetDateTime(0), DateTimeKind.Utc))[0];

    private static DateTime? Later(DateTime? one, DateTime? other) => one is null || other > one ? other : one;

    private Dictionary<string, long> Leaks(DuckDBConnection connection, OutcomePlan plan) => connection.Query(
        $"""
        SELECT CASE WHEN o.customer_id IS NULL OR o.customer_id LIKE '{DataLake.GuestPrefix}%' THEN 'guest' ELSE 'control' END AS kind, count(*)
        FROM (SELECT customer_id, "at" FROM {lake.CountedOrders()} WHERE campaign_id = '{plan.Experiment:D}') o
        LEFT JOIN ({new OutcomeTables(lake, new ShopSettings(), plan).Exposed("true")}) x ON x.customer_id = o.customer_id AND x.arm = 0 AND x.assigned_at <= o."at"
        WHERE o.customer_id IS NULL OR o.customer_id LIKE '{DataLake.GuestPrefix}%' OR x.customer_id IS NOT NULL GROUP BY 1
        """,
        r => (r.GetString(0), r.GetInt64(1))).ToDictionary();
}
