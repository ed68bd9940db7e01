using CampaignManager.Application.Jobs;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Behaviour;

/// <summary>What to compute.</summary>
[Flags]
public enum FeatureScope
{
    /// <summary>Features of all customers as of now, and the segments that follow from them.</summary>
    Current = 1,

    /// <summary>The training table over past campaigns.</summary>
    Training = 2,

    All = Current | Training,
}

/// <summary>
/// Features from behaviour, as of a moment, in DuckDB over the lake; bucket by bucket, so memory is bounded. Writes
/// <c>features/current.parquet</c>, <c>segments/current.parquet</c> and <c>training/shop/table.parquet</c>.
/// </summary>
public sealed class FeatureService(Lake lake, SettingsService settings, TrainingTable training, SegmentService segments)
{
    public const string CurrentFile = "features/current.parquet";

    /// <param name="asOf">UTC; what happened at or after it does not exist yet.</param>
    /// <param name="scope">What to compute.</param>
    /// <param name="report">Told the stage and the share done, 0..1.</param>
    /// <param name="cancel">Stops; files already written stay whole.</param>
    public async Task ComputeAsync(DateTime asOf, FeatureScope scope, Func<JobStage, double, Task>? report, CancellationToken cancel)
    {
        var shop = await settings.GetAsync(cancel);
        report ??= (_, _) => Task.CompletedTask;
        var half = scope == FeatureScope.All ? 0.5 : 1;
        if (scope.HasFlag(FeatureScope.Current))
        {
            await ComputeCurrentAsync(asOf, shop, (stage, share) => report(stage, share * half), cancel);
            await report(JobStage.Segments, half);
            await segments.WriteAsync(asOf, cancel);
        }

        if (scope.HasFlag(FeatureScope.Training))
            await training.WriteAsync(asOf, shop, (stage, share) => report(stage, 1 - half + (share * half)), cancel);
    }

    /// <summary>Computes the customers' features where there are none, or where their amounts count in another unit than the shop's.</summary>
    public async Task EnsureAsync(DateTime asOf, Func<JobStage, double, Task>? report, CancellationToken cancel)
    {
        if (!File.Exists(lake.PathTo(CurrentFile)) || lake.UnitOf(CurrentFile) != AmountUnit.Of(await settings.GetAsync(cancel)))
            await ComputeAsync(asOf, FeatureScope.Current, report, cancel);
    }

    private async Task ComputeCurrentAsync(DateTime asOf, ShopSettings shop, Func<JobStage, double, Task> report, CancellationToken cancel)
    {
        using var connection = lake.Open();
        var sql = new FeatureSql(lake, ShopCategories.Read(lake, connection), shop);
        using var pass = new FeaturePass(lake, connection, sql);
        var moment = FeaturePass.Moment(asOf);
        await pass.RunAsync(
            bucket => $"""
                SELECT row_number() OVER (ORDER BY customer_id) AS k, customer_id, {moment} AS moment, '' AS grp
                FROM {lake.Source(LakeTable.Customers)} WHERE bucket = {bucket} AND joined_at < {moment}
                """,
            share => report(JobStage.Features, share),
            cancel);
        var rows = $"SELECT * FROM ({sql.Smoothed(pass.Rows, "r.customer_id")}) ORDER BY customer_id";
        lake.WriteFile(connection, rows, CurrentFile, AmountUnit.Of(shop), cancel);
    }
}

/// <summary>One pass over all buckets that leaves the raw rows in staged files: group means need everyone, memory does not hold everyone.</summary>
internal sealed class FeaturePass : IDisposable
{
    private readonly Lake lake;
    private readonly DuckDBConnection connection;
    private readonly FeatureSql sql;
    private readonly StagingFolder staging;

    public FeaturePass(Lake lake, DuckDBConnection connection, FeatureSql sql)
    {
        (this.lake, this.connection, this.sql) = (lake, connection, sql);
        staging = new StagingFolder(lake.Root);
        connection.Run(sql.Goods);
    }

    /// <summary>The raw rows of all buckets as a relation.</summary>
    public string Rows => $"read_parquet('{Lake.Quote(Path.Combine(staging.Path, "raw-*.parquet"))}')";

    public static string Moment(DateTime time) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"TIMESTAMP '{time:yyyy-MM-dd HH:mm:ss.ffffff}'");

    /// <param name="subjectsSql">Rows to describe in a bucket, with whatever columns are to be kept.</param>
    /// <param name="report">Share done.</param>
    /// <param name="cancel">Stops.</param>
    public async Task RunAsync(Func<int, string> subjectsSql, Func<double, Task> report, CancellationToken cancel)
    {
        await report(0);
        var done = 0;
        using var reporting = new SemaphoreSlim(1, 1);
        // A bucket is little for an engine of many threads: several at once, each on a connection with temporary tables of its own.
        var several = new ParallelOptions { MaxDegreeOfParallelism = lake.Threads, CancellationToken = cancel };
        await Parallel.ForEachAsync(Enumerable.Range(0, lake.Buckets), several, async (bucket, stop) =>
        {
            using (var own = Lake.OpenBeside(connection))
                Describe(own, bucket, subjectsSql(bucket), stop);
            await reporting.WaitAsync(stop);
            try
            {
                await report((double)++done / lake.Buckets);
            }
            finally
            {
                reporting.Release();
            }
        });

        foreach (var step in sql.Means(Rows))
            connection.Run(step, cancel);
    }

    public void Dispose() => staging.Dispose();

    private void Describe(DuckDBConnection own, int bucket, string subjects, CancellationToken cancel)
    {
        own.Run($"CREATE OR REPLACE TEMP TABLE subjects AS {subjects}", cancel);
        foreach (var step in sql.Raw(bucket))
            own.Run(step, cancel);
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"raw-{bucket:D4}.parquet");
        own.Run($"COPY (SELECT * FROM raw ORDER BY k) TO '{Lake.Quote(Path.Combine(staging.Path, name))}' (FORMAT parquet)", cancel);
    }
}
