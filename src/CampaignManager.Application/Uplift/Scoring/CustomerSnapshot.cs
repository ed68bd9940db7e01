using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Uplift.Scoring;

/// <summary>The customers' features as of one moment with an offer laid over them, by bucket: whatever is recomputed meanwhile, a run scores one state.</summary>
internal sealed class CustomerSnapshot : IDisposable
{
    private readonly DataLake lake;
    private readonly StagingFolder staging;
    private readonly HashSet<string> columns;

    /// <param name="offer">Null when the model looks at no offer.</param>
    public CustomerSnapshot(DataLake lake, PlannedOffer? offer, CancellationToken cancellationToken)
    {
        this.lake = lake;
        staging = new StagingFolder(lake.Root);
        var copy = Path.Combine(staging.Path, "features.parquet");
        At = File.GetLastWriteTimeUtc(lake.PathTo(FeatureService.CurrentFile));
        File.Copy(lake.PathTo(FeatureService.CurrentFile), copy);
        using var connection = lake.Open();
        var offers = offer is null ? "" : ", " + new OfferFeatures(ShopCategories.Read(lake, connection)).Sql(offer);
        connection.Run($"""
            COPY (SELECT *{offers}, {CustomerBucket.Sql("customer_id", lake.Buckets)} AS bucket FROM read_parquet('{DataLake.Quote(copy)}'))
            TO '{DataLake.Quote(Parts)}' (FORMAT parquet, PARTITION_BY (bucket))
            """, cancellationToken);
        Copy = copy;
        columns = Directory.Exists(Parts) && Directory.EnumerateFiles(Parts, "*.parquet", SearchOption.AllDirectories).Any()
            ? ColumnsOf(connection, $"read_parquet('{DataLake.Quote(Parts)}/*/*.parquet')") : [];
    }

    /// <summary>When the features were computed, UTC.</summary>
    public DateTime At { get; }

    /// <summary>The copied features.</summary>
    public string Copy { get; }

    /// <summary>The folder that holds them, a folder a bucket, below the lake's root, which lies elsewhere on other nodes.</summary>
    public string RelativeParts => Path.GetRelativePath(lake.Root, Parts);

    private string Parts => Path.Combine(staging.Path, "parts");

    /// <summary>The features of the model that these customers do not have; they count as missing.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<ModelFeature> features) => [.. features.Select(f => f.Name).Where(name => !columns.Contains(name))];

    /// <summary>A bucket's customers, by id; null when it has none.</summary>
    /// <param name="lake">Within which the snapshot lies.</param>
    /// <param name="parts">The snapshot's <see cref="RelativeParts"/>; another process may have taken it.</param>
    public static UpliftTable? Read(DataLake lake, string parts, int bucket, ModelManifest manifest)
    {
        var folder = Path.Combine(lake.PathTo(parts), string.Create(CultureInfo.InvariantCulture, $"bucket={bucket}"));
        if (!Directory.Exists(folder))
            return null;
        using var connection = lake.Open(threads: 1);
        var source = $"read_parquet('{DataLake.Quote(folder)}/*.parquet', hive_partitioning = false)";
        var count = connection.Scalar<int>($"SELECT count(*) FROM {source}");
        var columns = ColumnsOf(connection, source);
        var ids = new string[count];
        var numbers = manifest.Features.Select(f => f.Kind == FeatureKind.Categorical ? null : new float[count]).ToArray();
        var words = manifest.Features.Select(f => f.Kind == FeatureKind.Categorical ? new string?[count] : null).ToArray();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT customer_id, {string.Join(", ", manifest.Features.Select(f => Column(f, columns)))} FROM {source} ORDER BY customer_id";
        using var reader = command.ExecuteReader();
        for (var i = 0; reader.Read(); i++)
        {
            ids[i] = reader.GetString(0);
            for (var j = 0; j < numbers.Length; j++)
            {
                if (words[j] is { } text)
                    text[i] = reader.IsDBNull(j + 1) ? null : reader.GetString(j + 1);
                else
                    numbers[j]![i] = reader.IsDBNull(j + 1) ? float.NaN : (float)reader.GetDouble(j + 1);
            }
        }

        return new UpliftTable
        {
            Manifest = new UpliftTableManifest(manifest.Source, manifest.Arms, []),
            Rows = [.. Enumerable.Range(0, count).Select(i => (long)i)],
            CustomerIds = ids,
            Customers = [.. Enumerable.Range(0, count)],
            CampaignIds = [.. ids.Select(_ => "")],
            Arms = new int[count],
            Propensity = [.. ids.Select(_ => 0.5)],
            Splits = new string?[count],
            Features = [.. manifest.Features.Select((f, j) => words[j] is { } text ? UpliftTableReader.Categorical(f.Name, f.Label, text) : new FeatureColumn(f.Name, f.Kind, f.Label, [], numbers[j]!))],
            Outcomes = new Dictionary<string, double[]>(),
        };
    }

    public void Dispose() => staging.Dispose();

    private static HashSet<string> ColumnsOf(DuckDBConnection connection, string source) =>
        connection.Query($"DESCRIBE SELECT * FROM {source}", r => r.GetString(0)).ToHashSet(StringComparer.Ordinal);

    private static string Column(ModelFeature feature, HashSet<string> columns)
    {
        var type = feature.Kind == FeatureKind.Categorical ? "VARCHAR" : "DOUBLE";
        return columns.Contains(feature.Name) ? $"\"{feature.Name}\"::{type}" : $"NULL::{type}";
    }
}
