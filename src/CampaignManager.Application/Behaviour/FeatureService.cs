using CampaignManager.Application.Audiences;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using CampaignManager.Application.TrainingData;
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
/// Features from behaviour, as of a moment, in DuckDB over the lake; bucket by bucket, so memory is bounded, and in parts that any worker
/// takes. What needs all customers (group means, the order of the file, segments) is made of them at the end, so that the files are the same
/// byte for byte whoever did which part. Writes
/// <c>features/current.parquet</c>, <c>segments/current.parquet</c> and <c>training/shop/table.parquet</c>.
/// </summary>
public sealed class FeatureService(
    DataLake lake, SettingsService settings, FeatureParts parts, TrainingTable training, SegmentService segments)
{
    public const string CurrentFile = "features/current.parquet";

    /// <summary>Computes all here, for whoever is no run.</summary>
    public Task ComputeAsync(DateTime asOf, FeatureScope scope, Func<JobStage, double, Task>? report, CancellationToken cancel) =>
        ComputeAsync(asOf, scope, report, null, cancel);

    /// <param name="asOf">UTC; what happened at or after it does not exist yet.</param>
    /// <param name="scope">What to compute.</param>
    /// <param name="report">Told the stage and the share done, 0..1.</param>
    /// <param name="run">Whose parts other workers may take; null computes all here.</param>
    /// <param name="cancel">Stops; files already written stay whole.</param>
    public async Task ComputeAsync(
        DateTime asOf, FeatureScope scope, Func<JobStage, double, Task>? report, JobContext? run, CancellationToken cancel)
    {
        var shop = await settings.GetAsync(cancel);
        report ??= (_, _) => Task.CompletedTask;
        var half = scope == FeatureScope.All ? 0.5 : 1;
        if (scope.HasFlag(FeatureScope.Current))
        {
            await ComputeCurrentAsync(asOf, shop, share => report(JobStage.Features, share * half), run, cancel);
            await report(JobStage.Segments, half);
            await segments.WriteAsync(asOf, cancel);
        }

        if (scope.HasFlag(FeatureScope.Training))
            await training.WriteAsync(asOf, shop, share => report(JobStage.TrainingTable, 1 - half + (share * half)), run, cancel);
    }

    /// <summary>Computes the customers' features where there are none, or where their amounts count in another unit than the shop's.</summary>
    public async Task EnsureAsync(DateTime asOf, Func<JobStage, double, Task>? report, JobContext? run, CancellationToken cancel)
    {
        if (!File.Exists(lake.PathTo(CurrentFile)))
            await ComputeAsync(asOf, FeatureScope.Current, report, run, cancel);
        else
            await RenewAsync(asOf, report, run, cancel);
    }

    /// <summary>Computes the customers' features again where their amounts count in another unit than the shop's.</summary>
    public async Task RenewAsync(DateTime asOf, Func<JobStage, double, Task>? report, JobContext? run, CancellationToken cancel)
    {
        if (File.Exists(lake.PathTo(CurrentFile)) && lake.UnitOf(CurrentFile) != AmountUnit.Of(await settings.GetAsync(cancel)))
            await ComputeAsync(asOf, FeatureScope.Current, report, run, cancel);
    }

    private async Task ComputeCurrentAsync(DateTime asOf, ShopSettings shop, Func<double, Task> report, JobContext? run, CancellationToken cancel)
    {
        var raw = await parts.DescribeAsync(asOf, shop, null, run, report, cancel);
        using (var connection = lake.Open())
        {
            var sql = new FeatureSql(lake, ShopCategories.Read(lake, connection), shop);
            foreach (var step in sql.Means(raw.Rows))
                connection.Run(step, cancel);
            var rows = $"SELECT * FROM ({sql.Smoothed(raw.Rows, "r.customer_id")}) ORDER BY customer_id";
            lake.WriteFile(connection, rows, CurrentFile, AmountUnit.Of(shop), cancel);
        }

        raw.Remove();
    }
}
