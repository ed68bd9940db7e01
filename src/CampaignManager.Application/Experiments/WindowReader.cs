using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Experiments;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments;

/// <summary>
/// Reads windows and their outcomes from the lake, bucket by bucket. A window is closed once its whole length lies before the end of what has been
/// recorded; effects are measured on closed windows only, because an open one has not shown all its orders yet.
/// </summary>
internal sealed class WindowReader(DataLake lake, ShopSettings shop, IReadOnlyList<MeasuredCampaign> campaigns)
{
    // The longest period and the one before it.
    private const int DaysBack = 732;

    public MeasuredWindows Read(DateTime now, CancellationToken cancel)
    {
        using var connection = lake.Open();
        connection.Run("CREATE TEMP TABLE measured (id VARCHAR, days INTEGER)", cancel);
        using (var rows = connection.CreateAppender("measured"))
        {
            foreach (var campaign in campaigns)
                rows.CreateRow().AppendValue(campaign.Id.ToString()).AppendValue(campaign.Rules.Experiment.AttributionDays).EndRow();
        }

        var recorded = connection.Query(
            $"""SELECT max("at") FROM (SELECT max("at") AS "at" FROM {lake.Source(LakeTable.Orders)} UNION ALL SELECT max("at") FROM {lake.Source(LakeTable.Events)})""",
            r => r.IsDBNull(0) ? (DateTime?)null : r.GetDateTime(0))[0];
        var end = recorded < now ? recorded.Value : now;
        List<ArmSums> arms = [];
        List<BuyerCount> buyers = [];
        List<DayRevenue> days = [];
        for (var bucket = 0; bucket < lake.Buckets; bucket++)
        {
            connection.Run(Sql($"CREATE OR REPLACE TEMP TABLE windows AS {Windows(bucket, end)}"), cancel);
            connection.Run(Sql($"CREATE OR REPLACE TEMP TABLE bought AS {WindowOrders.Sql(lake, bucket, "windows", shop)}"), cancel);
            arms.AddRange(connection.Query(ArmsSql, Arm));
            buyers.AddRange(connection.Query(BuyersSql(bucket), Buyer));
            days.AddRange(connection.Query(DaysSql, Day));
            cancel.ThrowIfCancellationRequested();
        }

        return new MeasuredWindows(
            LocalDay(end), shop.Currency, ShopCategories.Read(lake, connection).Keys, campaigns.ToDictionary(c => c.Id),
            [.. arms.GroupBy(a => (a.Cohort, a.Treated)).Select(g => g.Aggregate((a, b) => a.Plus(b)))],
            [.. buyers.GroupBy(b => b with { Customers = 0 }).Select(g => g.Key with { Customers = g.Sum(b => b.Customers) })],
            [.. days.GroupBy(d => d with { Sum = 0, SumOfSquares = 0 }).Select(g => g.Key with { Sum = g.Sum(d => d.Sum), SumOfSquares = g.Sum(d => d.SumOfSquares) })]);
    }

    private const string Key = "w.campaign_id, w.propensity, w.closed_on, w.treated";

    private string Windows(int bucket, DateTime end) => Sql($"""
        SELECT x.campaign_id, x.epoch, x.customer_id, x.propensity::DOUBLE AS propensity, x.arm > 0 AS treated, x.assigned_at, x.assigned_at + to_days(m.days) AS closes_at,
               CASE WHEN closes_at <= {Moment(end)} THEN ((closes_at AT TIME ZONE 'UTC') AT TIME ZONE '{DataLake.Quote(shop.TimeZone)}')::DATE END AS closed_on
        FROM {lake.Source(LakeTable.Exposures)} x JOIN measured m ON m.id = x.campaign_id
        WHERE x.bucket = {bucket} AND x.arm <= 1 AND x.propensity > 0 AND x.propensity < 1 AND coalesce(x.randomised, true) AND x.assigned_at + to_days(m.days) > {Moment(end.AddDays(-DaysBack))}
        """);

    private const string ArmsSql = $"""
        WITH y AS (SELECT campaign_id, epoch, customer_id, sum(revenue) AS revenue, sum(margin) AS margin, sum(discount) AS discount FROM bought GROUP BY ALL)
        SELECT {Key}, count(*), count(y.customer_id), coalesce(sum(revenue), 0), coalesce(sum(revenue * revenue), 0), coalesce(sum(margin), 0), coalesce(sum(margin * margin), 0),
               coalesce(sum(discount), 0), coalesce(sum(discount * discount), 0), coalesce(sum(margin * discount), 0), max(w.closes_at)
        FROM windows w LEFT JOIN y USING (campaign_id, epoch, customer_id) GROUP BY {Key}
        """;

    // The lifecycle is that at assignment: what came after is partly the campaign's doing.
    private string BuyersSql(int bucket) => Sql($"""
        WITH past AS (
            SELECT {Key}, w.epoch, w.customer_id, w.assigned_at, w.closes_at, any_value((epoch(w.assigned_at) - epoch(c.joined_at)) / 86400.0) AS tenure, count(o.order_id) AS orders,
                   count(o.order_id) FILTER (o."at" >= w.assigned_at - INTERVAL 365 DAY) AS in_year, (epoch(w.assigned_at) - epoch(max(o."at"))) / 86400.0 AS recency
            FROM windows w LEFT JOIN (SELECT * FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket}) c USING (customer_id)
            LEFT JOIN (SELECT order_id, customer_id, "at" FROM {lake.CountedOrders()} WHERE bucket = {bucket}) o ON o.customer_id = w.customer_id AND o."at" < w.assigned_at
            WHERE w.closed_on IS NOT NULL GROUP BY {Key}, w.epoch, w.customer_id, w.assigned_at, w.closes_at),
        w AS (SELECT *, {LifecycleSql.Of("tenure", "orders", "in_year", "recency")} AS lifecycle FROM past)
        SELECT {Key}, lifecycle, NULL AS category, count(*) FROM w GROUP BY {Key}, lifecycle
        UNION ALL
        SELECT {Key}, lifecycle, l.category, count(DISTINCT w.customer_id)
        FROM w JOIN (SELECT customer_id, category, "at" FROM {lake.CountedLines()} WHERE bucket = {bucket}) l
          ON l.customer_id = w.customer_id AND l."at" >= w.assigned_at AND l."at" < w.closes_at
        WHERE l.category IS NOT NULL GROUP BY {Key}, lifecycle, l.category
        """);

    private const string DaysSql = $"""
        WITH d AS (
            SELECT {Key}, w.epoch, w.customer_id, floor((epoch(b."at") - epoch(w.assigned_at)) / 86400)::INTEGER AS day, sum(b.revenue) AS revenue
            FROM windows w JOIN bought b USING (campaign_id, epoch, customer_id) WHERE w.closed_on IS NOT NULL GROUP BY ALL)
        SELECT {Key}, day, sum(revenue), sum(revenue * revenue) FROM d w GROUP BY {Key}, day
        """;

    private static Cohort CohortOf(DuckDBDataReader r) =>
        new(Guid.Parse(r.GetString(0)), r.GetDouble(1), r.IsDBNull(2) ? null : r.GetFieldValue<DateOnly>(2));

    private ArmSums Arm(DuckDBDataReader r)
    {
        var count = r.GetInt64(4);
        return new ArmSums(
            CohortOf(r), r.GetBoolean(3), ArmStatistics.OfProportion(r.GetInt64(5), count), new ArmStatistics(count, r.GetDouble(6), r.GetDouble(7)),
            new ArmStatistics(count, r.GetDouble(8), r.GetDouble(9)), new ArmStatistics(count, r.GetDouble(10), r.GetDouble(11)), r.GetDouble(12), LocalDay(r.GetDateTime(13)));
    }

    private static BuyerCount Buyer(DuckDBDataReader r) => new(CohortOf(r), r.GetBoolean(3), r.GetString(4), r.IsDBNull(5) ? null : r.GetString(5), r.GetInt64(6));

    private static DayRevenue Day(DuckDBDataReader r) => new(CohortOf(r), r.GetBoolean(3), r.GetInt32(4), r.GetDouble(5), r.GetDouble(6));

    private DateOnly LocalDay(DateTime utc) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone)));

    private static string Moment(DateTime time) => Sql($"TIMESTAMP '{time:yyyy-MM-dd HH:mm:ss.ffffff}'");

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
