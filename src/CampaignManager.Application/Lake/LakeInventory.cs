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

    private LakeTableStock Take(DuckDB.NET.Data.DuckDBConnection connection, LakeTable table)
    {
        if (!lake.HasRows(table))
            return new LakeTableStock(table.Name, 0, null, 0);
        var files = new DirectoryInfo(lake.FolderOf(table)).GetFiles("*.parquet", SearchOption.AllDirectories);
        var newest = table.Time ?? table.Columns.FirstOrDefault(c => c.Type == "TIMESTAMP")?.Name;
        var rows = connection.Scalar<long>($"SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata('{DataLake.Quote(lake.GlobOf(table))}')");
        DateTime? at = newest is null ? null : connection.Query($"SELECT max(\"{newest}\") FROM {lake.Source(table)}", r => r.IsDBNull(0) ? (DateTime?)null : DateTime.SpecifyKind(r.GetDateTime(0), DateTimeKind.Utc))[0];
        return new LakeTableStock(table.Name, rows, at, files.Sum(f => f.Length));
    }
}

/// <param name="Table">Name of the lake's table.</param>
/// <param name="Newest">Time of the newest record; null for tables without a time or without rows.</param>
public sealed record LakeTableStock(string Table, long Rows, DateTime? Newest, long Bytes);
