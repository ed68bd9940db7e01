using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Experiments.Estimates;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What customers brought before launch: from it the cap of money follows, and where a customer of high value begins.</summary>
internal sealed class MoneyHistory(DataLake lake, ShopSettings shop, OutcomePlan plan)
{
    /// <summary>Days before launch that are looked at.</summary>
    private const int Days = 90;

    private const int DaysWithoutEnd = 28;

    public MoneyFrozen Read(DuckDBConnection connection, CancellationToken cancel)
    {
        var launch = plan.Epochs[0].From;
        connection.Run($"CREATE OR REPLACE TEMP TABLE audience AS SELECT DISTINCT customer_id FROM ({new OutcomeTables(lake, shop, plan).Exposed("true")})", cancel);
        var cuts = connection.Query(
            $"""
            SELECT quantile_disc(spent, 1 / 3.0)::BIGINT, quantile_disc(spent, 2 / 3.0)::BIGINT FROM (
                SELECT sum(list_minor - discount_minor) AS spent FROM {lake.CountedOrders()} JOIN audience USING (customer_id)
                WHERE "at" < {DataLake.Moment(launch)} AND "at" >= {DataLake.Moment(launch.AddDays(-365))} GROUP BY customer_id) WHERE spent > 0
            """,
            r => r.IsDBNull(0) ? [] : new[] { r.GetInt64(0), r.GetInt64(1) })[0];
        var length = plan.AttributionDays + (plan.EndsAt is { } end && plan.StartsAt is { } start
            ? (int)Math.Ceiling(Math.Max(0, (end - start).TotalDays)) : plan.OneMoment ? 0 : DaysWithoutEnd);
        var windows = length == 0 ? 0 : Days / length;
        if (windows == 0 || (LakeCoverage.Of(lake) is { } said && !connection.Scalar<bool>($"SELECT {said.Spans("orders", DataLake.Moment(launch), Days)}")))
            return new MoneyFrozen(null, false, cuts);
        List<(long Total, bool Invited)> totals = [];
        for (var bucket = 0; bucket < lake.Buckets; bucket++)
            totals.AddRange(Totals(connection, bucket, launch, length, windows));
        var invited = totals.Where(t => t.Invited).Select(t => t.Total).ToList();
        var rate = (double)invited.Count / windows;
        var cap = MoneyCap.Choose(invited, totals.Select(t => t.Total), rate * plan.Epochs[0].Arms.Min(a => a.Share));
        return new MoneyFrozen(cap.Cap, cap.Percentile > 0.95, cuts);
    }

    /// <summary>What customers brought in disjoint windows of the planned length; only what is above 0.</summary>
    private List<(long Total, bool Invited)> Totals(DuckDBConnection connection, int bucket, DateTime launch, int length, int windows)
    {
        var all = string.Create(CultureInfo.InvariantCulture, $"""
            (SELECT customer_id, '{plan.Experiment:D}' AS campaign_id, {DataLake.Moment(launch.AddDays(-length * windows))} AS assigned_at, {DataLake.Moment(launch)} AS closes_at
             FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket})
            """);
        return connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"""
                SELECT total, a.customer_id IS NOT NULL FROM (
                    SELECT customer_id, ceil((epoch({DataLake.Moment(launch)}) - epoch("at")) / {86_400L * length}) AS n, sum(margin - reversed - discount)::BIGINT AS total
                    FROM ({WindowOrders.Whole(lake, bucket, all, shop, "customer_id", "false")}) GROUP BY ALL) t
                LEFT JOIN audience a USING (customer_id) WHERE total > 0
                """),
            r => (r.GetInt64(0), r.GetBoolean(1)));
    }
}
