using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Behaviour;

/// <summary>From where sums of now can be worked out.</summary>
/// <param name="Folder">With what was kept, a file a bucket.</param>
/// <param name="AsOf">The earlier moment, UTC.</param>
/// <param name="Version">Imports of the lake up to this one were in it.</param>
/// <param name="OrdersHeld">SQL over <c>at</c>: when some source counted orders, as known then.</param>
/// <param name="Grown">Versions of imports that were in it and have grown by batches since: which of their rows came later nobody can tell.</param>
internal sealed record FeaturesSince(string Folder, DateTime AsOf, long Version, string? OrdersHeld, IReadOnlyList<long> Grown);

/// <summary>An import that grows, as far as it had.</summary>
internal sealed record GrowingImport(long Version, Guid Batch);

/// <summary>What sums were kept, and all that they hang on but the rows themselves.</summary>
/// <param name="Basis">Zone, categories, goods, files outside the catalogue, and how sums are made.</param>
/// <param name="Imports">Of the lake.</param>
/// <param name="Erased">How many people had been erased.</param>
/// <param name="Folders">With rows: what is gone altogether was pruned.</param>
/// <param name="Batches">The last one of each import that grows by them.</param>
internal sealed record FeatureState(
    FeaturesSince Kept, string Basis, IReadOnlyList<Guid> Imports, int Erased, IReadOnlyList<string> Folders, IReadOnlyList<GrowingImport> Batches)
{
    public const string Home = "features/sums";

    private const string File = $"{Home}/state.json";

    /// <summary>How sums are made: another number makes them anew.</summary>
    private const int Form = 1;

    /// <summary>What nobody came back for.</summary>
    private static readonly TimeSpan Left = TimeSpan.FromDays(1);

    /// <summary>Over more days it is as well to begin anew.</summary>
    private const int MostDays = 14;

    private static readonly LakeTable[] Tables = [LakeTable.Events, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Aliases];

    /// <summary>Of the lake as it stands.</summary>
    public static FeatureState Now(DataLake lake, DuckDBConnection connection, ShopSettings shop, ShopCategories categories, DateTime asOf)
    {
        var catalogue = lake.Catalogue();
        connection.Run(new FeatureSql(lake, categories, shop).Goods);
        var goods = connection.Query("SELECT count(*), coalesce(bit_xor(hash(sku, nr, band)), 0)::VARCHAR FROM goods", r => string.Create(CultureInfo.InvariantCulture, $"{r.GetInt64(0)}:{r.GetString(1)}"))[0];
        var others = Tables.SelectMany(lake.UnlistedFiles).Select(f => new FileInfo(f)).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.FullName}:{f.Length}:{f.LastWriteTimeUtc.Ticks}"));
        var coverage = LakeCoverage.Of(lake);
        var basis = string.Join(
            '|', [Form.ToString(CultureInfo.InvariantCulture), shop.TimeZone, coverage is null ? "whole" : "said", goods, .. categories.Keys, .. others]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(basis)))[..8];
        // The same moment over the same goods is the same folder, whoever works it out.
        var folder = string.Create(CultureInfo.InvariantCulture, $"{Home}/{asOf:yyyyMMddHHmmssfff}-{hash}");
        return new FeatureState(
            new FeaturesSince(folder, asOf, catalogue.NextVersion - 1, coverage?.Holds("orders", "\"at\""), []),
            basis,
            [.. catalogue.Imports.Select(i => i.ImportId)],
            catalogue.Erased.Count,
            [.. Tables.SelectMany(catalogue.FilesOf).Select(f => f.Folder).Distinct()],
            [.. catalogue.Imports.Where(i => i.Batch is not null).Select(i => new GrowingImport(i.Version, i.Batch!.Value))]);
    }

    /// <summary>What stands, where the features of now follow from it; null: all is to be added up anew.</summary>
    public FeaturesSince? From(DataLake lake)
    {
        if (Standing(lake) is not { } then)
            return null;
        var days = (Kept.AsOf - then.Kept.AsOf).TotalDays;
        return days is >= 0 and <= MostDays && then.Basis == Basis && then.Erased == Erased
            && !then.Imports.Except(Imports).Any() && !then.Folders.Except(Folders).Any()
            && Enumerable.Range(0, lake.Buckets).All(b => System.IO.File.Exists(lake.PathTo(FileOf(then.Kept.Folder, b))))
            ? then.Kept with { Grown = [.. then.Batches.Except(Batches).Select(b => b.Version)] } : null;
    }

    /// <summary>From now on this stands, and what stood before goes.</summary>
    public async Task SaveAsync(DataLake lake, CancellationToken cancel)
    {
        var before = Standing(lake)?.Kept.Folder;
        await lake.WriteTextAsync(JsonSerializer.Serialize(this, JsonSerializerOptions.Web), File, cancel);
        var mine = new DirectoryInfo(lake.PathTo(Kept.Folder));
        // What is younger may be another run's, which is at work on it.
        foreach (var left in mine.Parent!.GetDirectories().Where(f => f.Name != mine.Name
                     && (f.Name == Path.GetFileName(before) || f.LastWriteTimeUtc < mine.LastWriteTimeUtc - Left)))
            left.Delete(recursive: true);
    }

    private static FeatureState? Standing(DataLake lake)
    {
        var path = lake.PathTo(File);
        return System.IO.File.Exists(path) ? JsonSerializer.Deserialize<FeatureState>(System.IO.File.ReadAllText(path), JsonSerializerOptions.Web) : null;
    }

    public static string FileOf(string folder, int bucket) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"bucket-{bucket:D4}.parquet"));
}
