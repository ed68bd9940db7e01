using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>
/// Per customer and epoch who it is and what was known at assignment (<c>customers</c>), and per order what it brought (<c>bought</c>), for one bucket. All money is whole minor
/// units, so that whatever is added up of it comes out the same in any order.
/// </summary>
internal sealed class OutcomeTables(DataLake lake, ShopSettings shop, OutcomePlan plan)
{
    /// <summary>Days before assignment in which the same metric is read.</summary>
    public const int DaysBefore = 28;

    /// <summary>Segments as of assignment.</summary>
    public static readonly IReadOnlyList<string> Dimensions = ["lifecycle", "value", "region", "channel", "tier"];

    /// <summary>Known before assignment, in whole numbers.</summary>
    public static readonly IReadOnlyList<string> Covariates = ["orders_in_year", "spent_in_year", "days_since_joined", "days_since_order", "profit_in_28_days"];

    private const string Never = "TIMESTAMP '9999-12-31'";

    private string End => plan.OneMoment ? "assigned_at" : plan.EndsAt is { } end ? DataLake.Moment(end)
        : $"CASE {string.Concat(plan.Epochs.Zip(plan.Epochs.Skip(1), (e, next) => Sql($" WHEN epoch = {e.Number} THEN {DataLake.Moment(next.From)}")))} END";

    /// <summary>Whether rows of the exposures are of the experiment, and of which epoch: a query with <c>customer_id, epoch, arm, assigned_at, propensity</c>.</summary>
    public string Exposed(string where) => Sql($"""
        SELECT customer_id, {EpochOf} AS epoch, arm, assigned_at FROM {lake.Source(LakeTable.Exposures)}
        WHERE campaign_id = '{plan.Experiment:D}' AND assigned_at IS NOT NULL AND coalesce(randomised, true) AND {where}
        """);

    private string EpochOf => plan.Epochs.Count == 1 && plan.Epochs[0].Propensity is null ? "1"
        : $"CASE {string.Concat(plan.Epochs.Select(e => Sql($" WHEN {Told(e)} THEN {e.Number}")))} END";

    private static string Told(OutcomeEpoch epoch) => epoch.Propensity is { } p ? Sql($"propensity = {p:R}::DOUBLE") : "true";

    /// <summary>Makes both tables.</summary>
    public IEnumerable<string> Make(int bucket)
    {
        var coverage = LakeCoverage.Of(lake);
        var covered = coverage is null ? "true"
            : $"{coverage.Spans("orders", "a.assigned_at", DaysBefore)} AND {coverage.Holds("orders", "a.assigned_at - INTERVAL 1 MICROSECOND")}";
        var followed = OutcomePlan.FollowedDays.Max();
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE assigned AS
            SELECT *, '{plan.Experiment:D}' AS campaign_id, least(until, greatest(assigned_at, ends_at) + to_days({plan.AttributionDays})) AS closes_at,
                   CASE WHEN until IS NULL THEN greatest(assigned_at, ends_at) END AS after_from
            FROM (SELECT *, {End} AS ends_at FROM (
                SELECT row_number() OVER (ORDER BY customer_id, epoch) AS k, *, lead(assigned_at) OVER (PARTITION BY customer_id ORDER BY assigned_at, epoch) AS until
                FROM ({Exposed(Sql($"bucket = {bucket}"))}) WHERE epoch IS NOT NULL))
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE bought AS
            {WindowOrders.Whole(lake, bucket, Sql($"""
                (SELECT k, campaign_id, customer_id, assigned_at - INTERVAL {DaysBefore} DAY AS assigned_at,
                        coalesce(until, greatest(closes_at, after_from + to_days({followed})), {Never}) AS closes_at FROM assigned)
                """), shop, "k", plan.Counted)}
            """);
        yield return Sql($"""
            CREATE OR REPLACE TEMP TABLE customers AS
            WITH past AS (
                SELECT a.k, count(*) AS orders, count(*) FILTER (o."at" >= a.assigned_at - INTERVAL 365 DAY) AS in_year, max(o."at") AS last_at,
                       coalesce(sum(o.list_minor - o.discount_minor) FILTER (o."at" >= a.assigned_at - INTERVAL 365 DAY), 0)::BIGINT AS spent
                FROM assigned a JOIN (SELECT customer_id, "at", list_minor, discount_minor FROM {lake.CountedOrders()} WHERE bucket = {bucket}) o
                  ON o.customer_id = a.customer_id AND o."at" < a.assigned_at GROUP BY a.k),
            earlier AS (
                SELECT k, sum(margin - discount - reversed)::BIGINT AS x FROM bought JOIN assigned a USING (k) WHERE bought."at" < a.assigned_at GROUP BY k),
            known AS (
                SELECT a.k, a.customer_id, a.epoch, a.arm, a.assigned_at, a.until, a.closes_at, a.after_from, coalesce(p.orders, 0) AS orders, coalesce(p.in_year, 0) AS in_year,
                       coalesce(p.spent, 0) AS spent, (epoch(a.assigned_at) - epoch(c.joined_at)) / 86400.0 AS tenure, (epoch(a.assigned_at) - epoch(p.last_at)) / 86400.0 AS recency,
                       coalesce(c.joined_at > a.assigned_at - INTERVAL {DaysBefore} DAY, true) OR NOT ({covered}) AS missing, coalesce(e.x, 0) AS x, c.region, c.channel, c.tier
                FROM assigned a LEFT JOIN ({Profiles(bucket)}) c USING (k) LEFT JOIN past p USING (k) LEFT JOIN earlier e USING (k))
            SELECT k, customer_id, epoch, arm, assigned_at, until, closes_at, after_from, {LifecycleSql.Of("tenure", "orders", "in_year", "recency")} AS lifecycle,
                   {Value} AS value, coalesce(region, '') AS region, coalesce(channel, '') AS channel, coalesce(tier, '') AS tier,
                   missing, CASE WHEN missing THEN 0 ELSE x END AS x, in_year AS orders_in_year, spent AS spent_in_year,
                   coalesce(least(greatest(floor(tenure), 0), 3650), 0)::BIGINT AS days_since_joined, coalesce(least(floor(recency), 730), 730)::BIGINT AS days_since_order,
                   CASE WHEN missing THEN 0 ELSE x END AS profit_in_28_days
            FROM known
            """);
    }

    /// <summary>Of the customers made, by epoch those whose arm is not what the hash says.</summary>
    public IEnumerable<(int Epoch, long Count)> Mismatches(DuckDBConnection connection)
    {
        foreach (var epoch in plan.Epochs.Where(e => e.Salt is not null))
        {
            var place = Sql($"(('0x' || substr(sha256('{DataLake.Quote(epoch.Salt!)}:' || customer_id), 1, 16))::UBIGINT >> 11)::DOUBLE * {1.0 / (1UL << 53):R}::DOUBLE");
            yield return (epoch.Number, connection.Scalar<long>(
                Sql($"SELECT count(*) FROM customers WHERE epoch = {epoch.Number} AND (arm = 0) <> ({place} < {epoch.Arms[0].Share:R}::DOUBLE)")));
        }
    }

    private string Value => plan.Frozen.ValueCuts is [var low, var high]
        ? Sql($"CASE WHEN spent <= 0 THEN 'none' WHEN spent <= {low} THEN 'low' WHEN spent <= {high} THEN 'medium' ELSE 'high' END")
        : "CASE WHEN spent <= 0 THEN 'none' ELSE 'buyer' END";

    /// <summary>
    /// Where somebody is and how they came is as it was first said where nobody had said it by then; a tier moves with what is bought, so only what was known by then counts.
    /// </summary>
    private string Profiles(int bucket)
    {
        var said = new LakeRelation(lake, LakeTable.Customers, lake.Catalogue(), null).Everything;
        string By(string column, bool else_) => $"arg_max(v.{column}, v.version) FILTER (v.known_at <= a.assigned_at)"
            + (else_ ? $", arg_min(v.{column}, v.version)" : "");
        return Sql($"""
            SELECT a.k, any_value(c.joined_at) AS joined_at, coalesce({By("region", true)}, any_value(c.region)) AS region,
                   coalesce({By("channel", true)}, any_value(c.channel)) AS channel, {By("member_tier", false)} AS tier
            FROM assigned a LEFT JOIN (SELECT * FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket}) c USING (customer_id)
            LEFT JOIN (SELECT * FROM {said} WHERE bucket = {bucket} AND NOT deleted) v USING (customer_id)
            GROUP BY a.k
            """);
    }

    private static string Sql(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
