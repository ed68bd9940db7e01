using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Uplift.Models;

namespace CampaignManager.Application.Audiences;

/// <summary>
/// Where scores of all customers lie: <c>scores/&lt;model&gt;/bucket=&lt;n&gt;/scores.parquet</c> with <c>customer_id, control, treated_1, uplift_1 ...</c>, a manifest
/// beside each and <c>run.json</c> above them.
/// </summary>
public sealed class CustomerScores(DataLake lake)
{
    public const string Folder = "scores";

    public static string FolderOf(Guid modelId) => $"{Folder}/{modelId:N}";

    public static string FileOf(Guid modelId, int bucket) => string.Create(CultureInfo.InvariantCulture, $"{FolderOf(modelId)}/bucket={bucket}/scores.parquet");

    /// <summary>The bucket as it stands, when it is whole and hangs on the same basis; null when it is to be scored.</summary>
    public async Task<ScoredBucket?> FindAsync(ScoreBasis basis, int bucket, CancellationToken cancellationToken)
    {
        var file = lake.PathTo(FileOf(basis.ModelId, bucket));
        return await ReadAsync<ScoredBucket>(ManifestOf(basis.ModelId, bucket), cancellationToken) is { } known && known.Basis == basis && File.Exists(file)
            && await ModelStore.HashAsync(file, cancellationToken) == known.Sha256 ? known : null;
    }

    public async Task<ScoredBucket> SealAsync(ScoreBasis basis, int bucket, long rows, CancellationToken cancellationToken)
    {
        var written = new ScoredBucket(bucket, rows, await ModelStore.HashAsync(lake.PathTo(FileOf(basis.ModelId, bucket)), cancellationToken), basis);
        await lake.WriteTextAsync(ModelJson.Write(written), ManifestOf(basis.ModelId, bucket), cancellationToken);
        return written;
    }

    public Task SealAsync(ScoredRun run, CancellationToken cancellationToken) => lake.WriteTextAsync(ModelJson.Write(run), SealOf(run.ModelId), cancellationToken);

    /// <summary>A run on another basis begins: what stood is no whole run any more.</summary>
    public void Open(ScoreBasis basis)
    {
        var sealedRun = lake.PathTo(SealOf(basis.ModelId));
        if (File.Exists(sealedRun))
            File.Delete(sealedRun);
    }

    /// <summary>The version's last whole run; null before the first, and while a new one replaces it.</summary>
    public Task<ScoredRun?> RunAsync(Guid modelId, CancellationToken cancellationToken) => ReadAsync<ScoredRun>(SealOf(modelId), cancellationToken);

    /// <summary>The same if its files are still those it wrote; null when one of them is torn or gone.</summary>
    public async Task<ScoredRun?> WholeRunAsync(Guid modelId, CancellationToken cancellationToken)
    {
        if (await RunAsync(modelId, cancellationToken) is not { } run)
            return null;
        foreach (var (bucket, hash) in run.Buckets)
        {
            var file = lake.PathTo(FileOf(modelId, bucket));
            if (!File.Exists(file) || await ModelStore.HashAsync(file, cancellationToken) != hash)
                return null;
        }

        return run;
    }

    /// <summary>Versions of which there are scores, whole or not.</summary>
    public IReadOnlyList<Guid> Models()
    {
        var home = lake.PathTo(Folder);
        return !Directory.Exists(home) ? [] : [.. Directory.GetDirectories(home)
            .Select(f => Guid.TryParseExact(Path.GetFileName(f), "N", out var id) ? id : (Guid?)null).OfType<Guid>()];
    }

    /// <summary>Takes a version's scores away. The seal goes first: what a killed removal leaves is no whole run.</summary>
    public void Remove(Guid modelId)
    {
        File.Delete(lake.PathTo(SealOf(modelId)));
        Directory.Delete(lake.PathTo(FolderOf(modelId)), recursive: true);
    }

    /// <summary>A SQL relation over the buckets of a run and no others: what an earlier number of buckets left may lie beside them.</summary>
    public string SourceOf(ScoredRun run) =>
        $"read_parquet([{string.Join(", ", run.Buckets.Keys.Order().Select(bucket => $"'{DataLake.Quote(lake.PathTo(FileOf(run.ModelId, bucket)))}'"))}], hive_partitioning = false)";

    /// <summary>A SQL relation over a whole run's scores.</summary>
    public string SourceOf(Guid modelId) => lake.SourceOf($"{FolderOf(modelId)}/bucket=*/scores.parquet");

    private static string SealOf(Guid modelId) => $"{FolderOf(modelId)}/run.json";

    private static string ManifestOf(Guid modelId, int bucket) => string.Create(CultureInfo.InvariantCulture, $"{FolderOf(modelId)}/bucket={bucket}/manifest.json");

    /// <summary>A small file of the lake; null when it is not there or not readable.</summary>
    internal async Task<T?> ReadAsync<T>(string relativePath, CancellationToken cancellationToken)
        where T : class
    {
        var path = lake.PathTo(relativePath);
        if (!File.Exists(path))
            return null;
        try
        {
            return ModelJson.Read<T>(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
