using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Observational;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments;

/// <summary>
/// Past campaigns, and of those that were not drawn at random what their log says and whether it may be read at all. Nothing learns from these figures, and nothing acts on them.
/// </summary>
public sealed class PastCampaignLogs(DataLake lake, PastCampaignReader past) : IDisposable
{
    /// <summary>Beyond so many customers a part is drawn by a hash of their ids: gates are as sure with it, and a page does not wait.</summary>
    public const int MostCustomers = 40_000;

    private const ulong Seed = 20_251;

    // As of four weeks before the message: the weeks that the placebo looks at are not in them.
    private static readonly (string Name, string Sql)[] Features =
    [
        ("orders", "ln(1 + coalesce(o.orders, 0))"),
        ("orders-in-year", "ln(1 + coalesce(o.in_year, 0))"),
        ("orders-in-90-days", "ln(1 + coalesce(o.in_quarter, 0))"),
        ("spent-in-year", "ln(1 + greatest(0, coalesce(o.spent, 0)))"),
        ("days-since-order", "coalesce(least(730, o.recency), 730)"),
        ("days-since-first-order", "coalesce(least(1460, o.tenure), 0)"),
        ("email-opt-in", "CASE c.email_opt_in WHEN true THEN 1 WHEN false THEN -1 ELSE 0 END"),
    ];

    private readonly SemaphoreSlim gate = new(1, 1);
    private (string Stamp, IReadOnlyList<PastCampaignReading> Read)? last;

    /// <summary>Names of what is held against each other, by column of the imbalance.</summary>
    public static IReadOnlyList<string> FeatureNames { get; } = [.. Features.Select(f => f.Name)];

    /// <summary>All that imports brought, oldest first; read once for each state of the lake.</summary>
    public async Task<IReadOnlyList<PastCampaignReading>> ListAsync(CancellationToken cancellationToken)
    {
        var read = await past.ListAsync(cancellationToken);
        if (!read.Any(IsLog))
            return read;
        var stamp = string.Join('|', [lake.StampOf(LakeTable.Exposures, LakeTable.Orders, LakeTable.Customers), .. read]);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (last is not { } known || known.Stamp != stamp)
                last = known = (stamp, await Task.Run<IReadOnlyList<PastCampaignReading>>(() => [.. read.Select(c => IsLog(c) ? c with { Log = Judge(c, cancellationToken) } : c)], cancellationToken));
            return known.Read;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private static bool IsLog(PastCampaignReading c) => c.Fault is PastCampaignFault.NotRandomised or PastCampaignFault.OneGroup;

    private LogReading? Judge(PastCampaignReading campaign, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var rows = connection.Query(Sql(campaign), Read);
        if (rows.Count == 0 || rows[0].Open)
            return null;
        var before = new FeatureMatrix(rows.Count, Features.Length);
        for (var i = 0; i < rows.Count; i++)
            rows[i].Before.CopyTo(before.Row(i));
        var log = new MessageLog(before, [.. rows.Select(r => r.Treated)], [.. rows.Select(r => r.OrderedBefore)], [.. rows.Select(r => r.Ordered)]);
        return LogGates.Judge(log, new FitContext(Seed, Token: cancel));
    }

    // Where nobody is named who did not get it, those are compared who had ordered four weeks before, on both sides.
    private string Sql(PastCampaignReading campaign) => string.Create(CultureInfo.InvariantCulture, $"""
        WITH e AS (SELECT customer_id, arm > 0 AS treated, assigned_at AS sent FROM {lake.Source(LakeTable.Exposures)} WHERE campaign_id = '{campaign.Id:D}' AND assigned_at IS NOT NULL),
        b AS (SELECT customer_id, "at" AS ordered, list_minor - discount_minor AS spent FROM {lake.CountedOrders()} WHERE customer_id IS NOT NULL AND customer_id NOT LIKE 'guest:%'),
        one AS (SELECT bool_and(treated) AS alone, quantile_disc(sent, 0.5) AS sent FROM e),
        others AS (SELECT b.customer_id, false AS treated, any_value(one.sent) AS sent FROM b CROSS JOIN one ANTI JOIN e ON e.customer_id = b.customer_id
                   WHERE one.alone GROUP BY 1),
        everybody AS (SELECT * FROM e UNION ALL SELECT * FROM others),
        o AS (SELECT p.customer_id, count(*) FILTER (b.ordered < p.sent - INTERVAL 28 DAY) AS orders,
                     count(*) FILTER (b.ordered < p.sent - INTERVAL 28 DAY AND b.ordered >= p.sent - INTERVAL 393 DAY) AS in_year,
                     count(*) FILTER (b.ordered < p.sent - INTERVAL 28 DAY AND b.ordered >= p.sent - INTERVAL 118 DAY) AS in_quarter,
                     sum(b.spent) FILTER (b.ordered < p.sent - INTERVAL 28 DAY AND b.ordered >= p.sent - INTERVAL 393 DAY) AS spent,
                     date_diff('day', max(b.ordered) FILTER (b.ordered < p.sent - INTERVAL 28 DAY), any_value(p.sent)) AS recency,
                     date_diff('day', min(b.ordered) FILTER (b.ordered < p.sent - INTERVAL 28 DAY), any_value(p.sent)) AS tenure,
                     count(*) FILTER (b.ordered < p.sent AND b.ordered >= p.sent - INTERVAL 28 DAY) > 0 AS ordered_before,
                     count(*) FILTER (b.ordered >= p.sent AND b.ordered < p.sent + to_days({campaign.Days})) > 0 AS ordered_after
              FROM everybody p JOIN b USING (customer_id) GROUP BY 1),
        compared AS (SELECT p.*, o.* EXCLUDE (customer_id) FROM everybody p LEFT JOIN o USING (customer_id) CROSS JOIN one WHERE NOT one.alone OR o.orders > 0),
        kept AS (SELECT * FROM compared QUALIFY row_number() OVER (ORDER BY md5(customer_id)) <= {MostCustomers}),
        recorded AS (SELECT max(ordered) AS until FROM b)
        SELECT o.treated, coalesce(o.ordered_before, false), coalesce(o.ordered_after, false), (SELECT max(sent) FROM e) + to_days({campaign.Days}) > (SELECT until FROM recorded),
               {string.Join(", ", Features.Select(f => $"({f.Sql})::FLOAT"))}
        FROM kept o LEFT JOIN (SELECT customer_id, any_value(email_opt_in) AS email_opt_in FROM {lake.Source(LakeTable.Customers)} GROUP BY 1) c USING (customer_id)
        ORDER BY md5(o.customer_id)
        """);

    private static Row Read(DuckDBDataReader r) =>
        new(r.GetBoolean(0), r.GetBoolean(1), r.GetBoolean(2), r.IsDBNull(3) || r.GetBoolean(3), [.. Enumerable.Range(4, Features.Length).Select(r.GetFloat)]);

    private sealed record Row(bool Treated, bool OrderedBefore, bool Ordered, bool Open, float[] Before);
}
