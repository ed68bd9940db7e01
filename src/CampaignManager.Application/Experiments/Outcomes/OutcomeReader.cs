using System.Globalization;
using System.Numerics;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>One of the readings: who is in it, and which of their orders count.</summary>
/// <param name="Reading">Which.</param>
/// <param name="Days">As in <see cref="ReadingSums"/>.</param>
/// <param name="Who">As SQL over <c>customers c</c>.</param>
/// <param name="From">Start of what counts.</param>
/// <param name="To">Its end, not included.</param>
/// <param name="Contacted">Whether the cost of reaching the treated falls into it.</param>
internal sealed record ReadingSql(OutcomeReading Reading, int Days, string Who, string From, string To, bool Contacted);

/// <summary>Adds up <c>customers</c> and <c>bought</c> of a bucket (<see cref="OutcomeTables"/>) as of a moment.</summary>
internal sealed class OutcomeReader(OutcomePlan plan, ShopSettings shop, DateTime asOf, DateTime? freshness)
{
    private readonly DateTime until = freshness < asOf ? freshness.Value : asOf;

    /// <summary>What is read; a window that reaches beyond what is recorded is not closed, whatever the clock says.</summary>
    public IReadOnlyList<ReadingSql> Readings
    {
        get
        {
            string now = DataLake.Moment(until), asked = DataLake.Moment(asOf);
            var window = $"least(coalesce(c.closes_at, {asked}), {asked})";
            return
            [
                new(OutcomeReading.Final, 0, $"c.closes_at <= {now}", "c.assigned_at", "c.closes_at", true),
                new(OutcomeReading.SoFar, 0, $"c.assigned_at <= {asked}", "c.assigned_at", window, true),
                .. plan.FirstDays.Select(d => new ReadingSql(
                    OutcomeReading.FirstDays, d, Sql($"c.assigned_at + to_days({d}) <= {now}"), "c.assigned_at", Sql($"least(c.assigned_at + to_days({d}), c.until)"), true)),
                .. OutcomePlan.FollowedDays.Select(d => new ReadingSql(
                    OutcomeReading.After, d, Sql($"c.after_from + to_days({d}) <= {now}"), "c.after_from", Sql($"c.after_from + to_days({d})"), false)),
            ];
        }
    }

    /// <summary>By reading and cell.</summary>
    public Dictionary<(int Reading, CellKey Cell), Int128[]> Sums(DuckDBConnection connection)
    {
        var all = new Dictionary<(int, CellKey), Int128[]>();
        var readings = Readings;
        var who = string.Join(", ", readings.Select((r, i) => Sql($"coalesce({r.Who}, false) AS in{i}")));
        var flags = string.Join(", ", readings.Select((_, i) => Sql($"in{i}")));
        var everyone = connection.Query(
            $"""
            SELECT {CellKey.Columns}, count(*)::HUGEINT, sum(x::HUGEINT), sum(x::HUGEINT * x), sum(missing::HUGEINT), {flags}
            FROM (SELECT * REPLACE ({Cap("x")} AS x), {who} FROM customers c) c GROUP BY {CellKey.Columns}, {flags}
            """,
            r => (Cell: CellKey.Read(r), Sums: Enumerable.Range(CellKey.Count, 4).Select(i => (Int128)r.GetFieldValue<BigInteger>(i)).ToArray(),
                In: Enumerable.Range(CellKey.Count + 4, readings.Count).Select(r.GetBoolean).ToArray()));
        for (var i = 0; i < readings.Count; i++)
        {
            var reading = readings[i];
            var left = new Dictionary<CellKey, Int128[]>();
            foreach (var (cell, sums, _) in everyone.Where(e => e.In[i]))
                CellSums.Add(left.TryGetValue(cell, out var known) ? known : left[cell] = new Int128[4], sums);
            if (left.Count == 0)
                continue;
            foreach (var (cell, sums, own) in connection.Query(Buyers(reading), r => (CellKey.Read(r), CellSums.Read(r, CellKey.Count + 3), Own(r))))
            {
                all[(i, cell)] = sums;
                CellSums.Add(left[cell], [-sums[0], -own[0], -own[1], -own[2]]);
            }

            foreach (var (cell, rest) in left)
            {
                var cost = reading.Contacted && cell.Arm > 0 ? -plan.ContactMinor : 0;
                CellSums.Add(
                    all.TryGetValue((i, cell), out var known) ? known : all[(i, cell)] = new Int128[CellSums.Length],
                    CellSums.WithoutOrders(rest[0], rest[1], rest[2], rest[3], cost, Capped(cost)));
            }
        }

        return all;
    }

    private static Int128[] Own(DuckDBDataReader r) => [.. Enumerable.Range(CellKey.Count, 3).Select(i => (Int128)r.GetFieldValue<BigInteger>(i))];

    private long Capped(long net) => plan.Frozen.Cap is { } cap ? Math.Clamp(net, -cap, cap) : net;

    private string Cap(string net) => plan.Frozen.Cap is { } cap ? Sql($"greatest(least({net}, {cap}), {-cap})") : net;

    private string Buyers(ReadingSql reading)
    {
        var cost = reading.Contacted && plan.ContactMinor != 0 ? Sql($" - CASE WHEN c.arm > 0 THEN {plan.ContactMinor} ELSE 0 END") : "";
        return $"""
            SELECT {CellKey.Columns}, sum(x::HUGEINT), sum(x::HUGEINT * x), sum(missing::HUGEINT), {CellSums.Sql}
            FROM (
                SELECT {CellKey.Columns}, {Cap("c.x")} AS x, c.missing::BIGINT AS missing, {Cap("y.net" + cost)} AS capped, y.net{cost} AS net,
                       y.orders, y.revenue, y.margin, y.discount, y.returns, y.units
                FROM customers c JOIN (
                    SELECT c.k, count(*) AS orders, sum(b.revenue)::BIGINT AS revenue, sum(b.margin - b.reversed)::BIGINT AS margin, sum(b.discount)::BIGINT AS discount,
                           sum(b.returns)::BIGINT AS returns, sum(b.units)::BIGINT AS units, sum(b.margin - b.reversed - b.discount)::BIGINT AS net
                    FROM customers c JOIN bought b USING (k) WHERE b."at" >= {reading.From} AND b."at" < {reading.To} AND {reading.Who} GROUP BY c.k) y USING (k)) c
            GROUP BY {CellKey.Columns}
            """;
    }

    /// <summary>Customers by local day, arm and segment.</summary>
    public IEnumerable<(int Epoch, int Arm, DateOnly Day, string Dimension, string Segment, long Customers)> Assigned(DuckDBConnection connection)
    {
        var day = $"((assigned_at AT TIME ZONE 'UTC') AT TIME ZONE '{DataLake.Quote(shop.TimeZone)}')::DATE";
        var parts = OutcomeTables.Dimensions.Select(d => $"SELECT epoch, arm, day, '{d}', {d}, count(*) FROM dated GROUP BY ALL");
        return connection.Query(
            $"WITH dated AS (SELECT *, {day} AS day FROM customers) SELECT epoch, arm, day, '', '', count(*) FROM dated GROUP BY ALL UNION ALL {string.Join(" UNION ALL ", parts)}",
            r => (r.GetInt32(0), r.GetInt32(1), r.GetFieldValue<DateOnly>(2), r.GetString(3), r.GetString(4), r.GetInt64(5)));
    }

    /// <summary>Sums and products of the covariates by epoch and arm.</summary>
    public static IEnumerable<(int Epoch, int Arm, long Count, Int128[] Sums, Int128[] Products)> Balance(DuckDBConnection connection)
    {
        var names = OutcomeTables.Covariates;
        var products = names.SelectMany((a, i) => names.Take(i + 1).Select(b => $"sum({a}::HUGEINT * {b})")).ToList();
        return connection.Query(
            $"SELECT epoch, arm, count(*), {string.Join(", ", names.Select(n => $"sum({n}::HUGEINT)"))}, {string.Join(", ", products)} FROM customers GROUP BY 1, 2",
            r => (r.GetInt32(0), r.GetInt32(1), r.GetInt64(2), Whole(r, 3, names.Count), Whole(r, 3 + names.Count, products.Count)));
    }

    private static Int128[] Whole(DuckDBDataReader r, int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => (Int128)r.GetFieldValue<BigInteger>(i))];

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
