using System.Globalization;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Behaviour;

/// <summary>What is described, bucket by bucket: everything a part's rows hang on.</summary>
/// <param name="Folder">Where the rows go (<see cref="PartFolder"/>).</param>
/// <param name="AsOf">UTC; the moment of customers, of exposures their own.</param>
/// <param name="Shop">Its zone, currency and margin.</param>
/// <param name="Past">The campaigns whose exposures are described; null describes every customer.</param>
/// <param name="Stamp">Of the tables read: where they changed since an earlier try, all is described again.</param>
/// <param name="Categories">What features speak of, from the first part to the last step: products may come in meanwhile.</param>
/// <param name="Sums">Where the sums of customers are kept for the next time; null keeps none.</param>
/// <param name="Since">What was kept the last time; null adds up all anew.</param>
internal sealed record DescribeBuckets(
    string Folder, DateTime AsOf, ShopSettings Shop, IReadOnlyList<PastWindow>? Past, string Stamp, IReadOnlyList<string> Categories,
    string? Sums = null, FeaturesSince? Since = null);

/// <param name="Id">Of the campaign, as the lake has it.</param>
/// <param name="Days">Its attribution window.</param>
internal sealed record PastWindow(string Id, int Days);

/// <summary>What past customers were described from.</summary>
/// <param name="KnownLater">Rows left out because the shop said them after the customer was assigned.</param>
/// <param name="Backfilled">Rows older than the first import of their source, read by when they happened.</param>
public sealed record RowsRead(long KnownLater, long Backfilled);

/// <summary>Features of one bucket but for what needs all customers: raw rows in a file that the run's last step smooths.</summary>
internal sealed class DescribeBucketPart(DataLake lake) : IJobPart, IDisposable
{
    public const string Customers = "describe-customers";

    public const string Exposures = "describe-exposures";

    private readonly Lock opening = new();
    private DuckDBConnection? shared;
    private FeatureSql? sql;

    /// <summary>A bucket is little for an engine of many threads: several at once, each on a connection with temporary tables of its own.</summary>
    public int AtOnce => lake.Threads;

    public Task<object?> RunAsync(PartContext part, CancellationToken cancellationToken)
    {
        var asked = part.Arguments<DescribeBuckets>();
        lock (opening)
        {
            if (shared is null)
                Open(asked);
        }

        using var own = DataLake.OpenBeside(shared!);
        var subjects = asked.Past is null ? Everyone(part.Number, asked.AsOf) : Exposed(part.Number, asked.Shop);
        own.Run($"CREATE OR REPLACE TEMP TABLE subjects AS {subjects}", cancellationToken);
        var asKnown = asked.Past is not null;
        foreach (var step in asked.Since is { } since ? sql!.Since(own, part.Number, since, asked.AsOf) : sql!.Raw(part.Number, asKnown))
            own.Run(step, cancellationToken);
        if (asked.Sums is { } sums)
            lake.WriteFile(own, sql.Kept, FeatureState.FileOf(sums, part.Number), cancellationToken);
        lake.WriteFile(own, "SELECT * FROM raw ORDER BY k", PartFolder.FileOf(asked.Folder, part.Number), cancellationToken);
        return Task.FromResult<object?>(asKnown ? own.Query(sql.Read(part.Number), r => new RowsRead(r.GetInt64(0), r.GetInt64(1)))[0] : null);
    }

    public void Dispose() => shared?.Dispose();

    private void Open(DescribeBuckets asked)
    {
        // With threads of the engine's own beside those that ask, who waits for the last of them turns on the spot.
        var connection = lake.Open(threads: Math.Max(1, lake.Threads / lake.Buckets));
        sql = new FeatureSql(lake, new ShopCategories(asked.Categories), asked.Shop);
        connection.Run(sql.Goods);
        connection.Run("CREATE OR REPLACE TABLE past (id VARCHAR, days INTEGER)");
        using (var rows = connection.CreateAppender("past"))
        {
            foreach (var campaign in asked.Past ?? [])
                rows.CreateRow().AppendValue(campaign.Id).AppendValue(campaign.Days).EndRow();
        }

        shared = connection;
    }

    private string Everyone(int bucket, DateTime asOf)
    {
        var moment = DataLake.Moment(asOf);
        return $"""
            SELECT row_number() OVER (ORDER BY customer_id) AS k, customer_id, {moment} AS moment, '' AS grp
            FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket} AND coalesce(joined_at, known_at) < {moment}
            """;
    }

    /// <summary>The exposures of a bucket to the campaigns of the table <c>past</c>, a row an epoch, with what came of them. Variants gave something else than the campaign.</summary>
    private string Exposed(int bucket, ShopSettings shop) => string.Create(CultureInfo.InvariantCulture, $"""
        WITH e AS (
            SELECT x.*, x.assigned_at + to_days(p.days) AS closes_at FROM {lake.Source(LakeTable.Exposures)} x JOIN past p ON p.id = x.campaign_id WHERE x.bucket = {bucket} AND x.arm <= 1),
        y AS (
            SELECT campaign_id, epoch, customer_id, count(*) AS orders, sum(revenue) AS revenue, sum(margin) AS margin, sum(discount) AS discount, max((discount > 0)::INT) AS redeemed
            FROM ({WindowOrders.Sql(lake, bucket, "e", shop)}) GROUP BY ALL)
        SELECT row_number() OVER (ORDER BY e.campaign_id, e.customer_id, e.epoch) AS k, e.customer_id, e.assigned_at AS moment, e.campaign_id AS grp, e.campaign_id, e.arm, e.propensity,
               (coalesce(y.orders, 0) > 0)::INT AS y_converted, coalesce(y.orders, 0)::DOUBLE AS y_orders, coalesce(y.revenue, 0)::DOUBLE AS y_revenue,
               coalesce(y.margin, 0)::DOUBLE AS y_margin, coalesce(y.discount, 0)::DOUBLE AS y_discount, coalesce(y.redeemed, 0) AS y_redeemed
        FROM e LEFT JOIN y USING (campaign_id, epoch, customer_id)
        """);
}
