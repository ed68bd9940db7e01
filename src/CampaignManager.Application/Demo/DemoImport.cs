using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Demo;

/// <summary>
/// The demo shop's rows as three imports of one source: its history, the new costs of goods, and orders that it corrected of late. They
/// appear together. Another try takes the place of the earlier one. The caller holds <see cref="LakeLock"/>.
/// </summary>
internal sealed class DemoImport : IDisposable
{
    /// <summary>The shop's system.</summary>
    public const string Source = "demo";

    /// <summary>How the names of its files begin: an earlier release's without anything before, which no catalogue lists.</summary>
    private const string Prefix = "demo";

    private static readonly string[] Told = ["events:cart", "events:purchase", "events:review", "events:view", "orders"];

    private readonly DemoWorld world;
    private readonly ListedBatch batch;
    private readonly Guid[] ids;
    private readonly long first;

    public DemoImport(DataLake lake, DuckDBConnection connection, DemoWorld world, CancellationToken cancel)
    {
        this.world = world;
        batch = new ListedBatch(lake, connection, Prefix, cancel);
        ids = [.. new[] { "history", "costs", "corrections" }.Select(k => DemoCampaign.Identity(world.Seed, "import:" + k))];
        first = Earlier(batch.Was).Select(i => i.Version).DefaultIfEmpty(batch.Was.NextVersion).Min();
        foreach (var table in LakeTable.All)
            batch.Replace(table);
    }

    /// <summary>Columns of a row's origin, as SQL.</summary>
    public string History => Origin(0);

    public string Costs => Origin(1);

    public string Corrections => Origin(2);

    public void Add(DuckDBConnection from, LakeTable table, string selectSql, string part) =>
        batch.Add(from, table, selectSql, part);

    public void Commit()
    {
        var earlier = Earlier(batch.Was).ToList();
        var drop = batch.Was.Files.Where(f => earlier.Any(e => f.Versions.Contains(e.Version))).Select(f => f.Path)
            .ToHashSet(StringComparer.Ordinal);
        var now = world.Calendar.Midnight(world.Calendar.Days);
        batch.Commit(drop, c => c with
        {
            NextVersion = Math.Max(c.NextVersion, first + ids.Length),
            Imports =
            [
                .. c.Imports.Where(i => i.Source != Source),
                Import(0, now, Coverage(now)), Import(1, world.CostsRose, []), Import(2, now, []),
            ],
        }, now);
    }

    public void Dispose() => batch.Dispose();

    private static IEnumerable<ListedImport> Earlier(LakeCatalogue catalogue) => catalogue.Imports.Where(i => i.Source == Source);

    private string Origin(int import) => string.Create(CultureInfo.InvariantCulture,
        $"'{Source}' AS source, '{ids[import]}' AS import_id, {first + import}::BIGINT AS version, false AS deleted");

    private ListedImport Import(int import, DateTime known, IReadOnlyList<ListedCoverage> coverage)
    {
        var counts = batch.Added.Where(f => f.Versions.Contains(first + import)).GroupBy(f => "written:" + f.Table)
            .ToDictionary(g => g.Key, g => g.Sum(f => f.Rows));
        counts["written"] = counts.Values.Sum();
        return new ListedImport(ids[import], first + import, Source, known, known, null, coverage, counts);
    }

    /// <summary>The shop counted everything from its first day on.</summary>
    private ListedCoverage[] Coverage(DateTime now)
    {
        var (from, to) = (world.Calendar.Origin, now.AddSeconds(-1));
        var days = string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd}..{to:yyyy-MM-dd}");
        return [.. Told.Select(what => new ListedCoverage(what, from, to, [days]))];
    }
}
