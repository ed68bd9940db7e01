namespace CampaignManager.Application.Lake;

/// <summary>What is in the lake: rows, newest record and bytes of each table. Counts come from the files' footers, so no rows are read.</summary>
public sealed class LakeInventory(DataLake lake)
{
    public Task<IReadOnlyList<LakeTableStock>> ReadAsync(CancellationToken cancellationToken) => Task.Run<IReadOnlyList<LakeTableStock>>(
        () =>
        {
            using var connection = lake.Open(threads: 1);
            var stock = new List<LakeTableStock>();
            foreach (var table in LakeTable.All)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stock.Add(Take(connection, table));
            }

            return stock;
        },
        cancellationToken);

    /// <summary>Which source counted what from when to when, and the days without anything between; none before the first import.</summary>
    public IReadOnlyList<SourceCoverage> Coverage() => LakeCoverage.Of(lake)?.Sources ?? [];

    /// <summary>What each import wrote and where its rows lie, the newest first.</summary>
    public IReadOnlyList<LakeImportStock> Imports()
    {
        var catalogue = lake.Catalogue();
        return
        [
            .. catalogue.Imports.OrderByDescending(i => i.Version).Select(i => new LakeImportStock(
                i.ImportId, i.Source, i.KnownAt, i.WrittenAt, i.Counts, [.. catalogue.Files.Where(f => f.Versions.Contains(i.Version)).Select(f => f.Path)])),
        ];
    }

    /// <summary>Listed files whose bytes are no longer those that were written.</summary>
    public async Task<IReadOnlyList<string>> DamagedAsync(CancellationToken cancellationToken)
    {
        List<string> damaged = [];
        foreach (var file in lake.Catalogue().Files)
        {
            var path = lake.PathTo(file.Path);
            if (!File.Exists(path) || await FileHash.OfAsync(path, cancellationToken) != file.Sha256)
                damaged.Add(file.Path);
        }

        return damaged;
    }

    private LakeTableStock Take(DuckDB.NET.Data.DuckDBConnection connection, LakeTable table)
    {
        if (!lake.HasRows(table))
            return new LakeTableStock(table.Name, 0, null, 0);
        var catalogue = lake.Catalogue();
        var bytes = catalogue.FilesOf(table).Sum(f => f.Bytes) + lake.UnlistedFiles(table).Sum(f => new FileInfo(f).Length);
        var newest = table.Time ?? table.Columns.FirstOrDefault(c => c.Type == "TIMESTAMP")?.Name;
        // Where something was replaced the footers count what is no longer read.
        var rows = connection.Scalar<long>(catalogue.Revision > 0
            ? $"SELECT count(*) FROM {lake.Source(table)}"
            : $"SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata('{DataLake.Quote(lake.GlobOf(table))}')");
        DateTime? at = newest is null ? null : connection.Query($"SELECT max(\"{newest}\") FROM {lake.Source(table)}", r => r.IsDBNull(0) ? (DateTime?)null : DateTime.SpecifyKind(r.GetDateTime(0), DateTimeKind.Utc))[0];
        return new LakeTableStock(table.Name, rows, at, bytes);
    }
}

/// <param name="Table">Name of the lake's table.</param>
/// <param name="Newest">Time of the newest record; null for tables without a time or without rows.</param>
public sealed record LakeTableStock(string Table, long Rows, DateTime? Newest, long Bytes);

/// <param name="Counts">What its writing found, by name.</param>
/// <param name="Files">Below the lake's root.</param>
public sealed record LakeImportStock(
    Guid ImportId, string Source, DateTime KnownAt, DateTime WrittenAt, IReadOnlyDictionary<string, long> Counts, IReadOnlyList<string> Files);
