using System.Globalization;

namespace CampaignManager.Application.Lake;

/// <summary>What is older than a table is kept for.</summary>
/// <param name="Quarters">Whole ones, as their folders are called.</param>
/// <param name="Before">UTC; the first moment that stays.</param>
public sealed record PruneView(string Table, IReadOnlyList<string> Quarters, DateTime Before, long Rows, long Bytes);

/// <summary>
/// Takes away whole quarters of a table, exactly: a folder is removed or stays, and what is no longer there is covered no longer either, so that nobody takes
/// its absence for a nought. Orders go with their lines, campaigns and refunds. Killed half-way it has removed nothing or all.
/// </summary>
public sealed class LakeRetention(DataLake lake, TimeProvider time)
{
    /// <summary>Tables with quarters; the others are small or are lists.</summary>
    public static readonly IReadOnlyList<LakeTable> Prunable = [LakeTable.Events, LakeTable.Orders];

    private static readonly LakeTable[] WithOrders = [LakeTable.Orders, LakeTable.OrderLines, LakeTable.OrderCampaigns];

    /// <summary>The first day of the quarter in which rows still are to be kept.</summary>
    public static DateTime Cut(DateTime now, int months)
    {
        var oldest = now.AddMonths(-months);
        return new DateTime(oldest.Year, (((oldest.Month - 1) / 3) * 3) + 1, 1, 0, 0, 0, DateTimeKind.Utc);
    }

    /// <summary>What a pruning would remove; null where there is nothing.</summary>
    public PruneView? Preview(LakeTable table, int months)
    {
        var before = Cut(time.GetUtcNow().UtcDateTime, months);
        var catalogue = lake.Catalogue();
        var (quarters, rows, bytes) = (new SortedSet<string>(StringComparer.Ordinal), 0L, 0L);
        foreach (var of in Of(table))
        {
            foreach (var file in catalogue.FilesOf(of).Where(f => IsOlder(f.Path, before)))
            {
                quarters.Add(QuarterOf(file.Path)!);
                (rows, bytes) = (rows + (of == table ? file.Rows : 0), bytes + file.Bytes);
            }

            var others = lake.UnlistedFiles(of).Where(f => IsOlder(f, before)).ToList();
            quarters.UnionWith(others.Select(f => QuarterOf(f)!));
            bytes += others.Sum(f => new FileInfo(f).Length);
            if (of == table && others.Count > 0)
                rows += CountRows(others);
        }

        return quarters.Count == 0 ? null : new PruneView(table.Name, [.. quarters], before, rows, bytes);
    }

    /// <summary>Removes what <see cref="Preview"/> says.</summary>
    /// <param name="table">One of <see cref="Prunable"/>.</param>
    /// <param name="before">Of the preview that somebody confirmed: no more than that goes, however long it took.</param>
    /// <param name="cancel">Stops and leaves everything.</param>
    /// <returns>Rows of the table that went.</returns>
    public async Task<long> PruneAsync(LakeTable table, DateTime before, CancellationToken cancel)
    {
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        return await Task.Run(() => Prune(table, before, cancel), cancel);
    }

    private long Prune(LakeTable table, DateTime before, CancellationToken cancel)
    {
        using var connection = lake.Open();
        using var batch = new ListedBatch(lake, connection, "pruned", cancel);
        var drop = Of(table).SelectMany(batch.Was.FilesOf).Where(f => IsOlder(f.Path, before)).ToList();
        var others = Of(table).ToDictionary(t => t, t => lake.UnlistedFiles(t).Where(f => IsOlder(f, before)).ToList());
        var rows = drop.Where(f => f.Table == table.Name).Sum(f => f.Rows) + CountRows(others[table]);
        var gone = drop.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        if (table == LakeTable.Orders)
            Refunds(batch, [.. drop.Where(f => f.Table == table.Name).Select(f => lake.PathTo(f.Path)), .. others[table]], before, gone);
        cancel.ThrowIfCancellationRequested();
        batch.Commit(gone, c => c with { Imports = [.. c.Imports.Select(i => i with { Coverage = Shorter(i.Coverage, table, before) })] }, time.GetUtcNow().UtcDateTime);
        // No catalogue lists these: killed here, the next pruning takes the rest.
        foreach (var file in others.Values.SelectMany(f => f))
            File.Delete(file);
        return rows;
    }

    /// <summary>Refunds lie by bucket, not by quarter: those of orders that go, and of no order that stays, go too.</summary>
    private void Refunds(ListedBatch batch, List<string> orders, DateTime before, HashSet<string> gone)
    {
        if (orders.Count == 0 || !batch.Was.FilesOf(LakeTable.Refunds).Any())
            return;
        var files = string.Join(", ", orders.Select(f => $"'{DataLake.Quote(f)}'"));
        batch.Connection.Run($"""
            CREATE TEMP TABLE gone_orders AS
            SELECT DISTINCT source, order_id FROM read_parquet([{files}], hive_partitioning = false, union_by_name = true)
            WHERE (source, order_id) NOT IN (SELECT (source, order_id) FROM {lake.Source(LakeTable.Orders)} WHERE "at" >= {DataLake.Moment(before)})
            """);
        foreach (var file in batch.Was.FilesOf(LakeTable.Refunds))
        {
            const string Theirs = "(source, order_id) IN (SELECT (source, order_id) FROM gone_orders)";
            if (batch.Connection.Scalar<long>($"SELECT count(*) FROM {lake.SourceOf(file.Path)} WHERE {Theirs}") == 0)
                continue;
            gone.Add(file.Path);
            batch.Add(LakeTable.Refunds, $"SELECT * FROM {lake.SourceOf(file.Path)} WHERE NOT {Theirs} ORDER BY \"at\"");
        }
    }

    private static IReadOnlyList<ListedCoverage> Shorter(IReadOnlyList<ListedCoverage> coverage, LakeTable table, DateTime before) =>
    [
        .. coverage.Where(c => c.What.Split(':')[0] != table.Name || c.To >= before).Select(c => c.What.Split(':')[0] != table.Name || c.From >= before ? c : c with
        {
            From = before,
            Days = [.. c.Days.Select(d => d.Split("..")).Where(d => Day(d[1]) >= before).Select(d => $"{(Day(d[0]) < before ? before.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : d[0])}..{d[1]}")],
        }),
    ];

    private static DateTime Day(string text) => DateTime.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private long CountRows(List<string> files)
    {
        if (files.Count == 0)
            return 0;
        using var connection = lake.Open(threads: 1);
        return connection.Scalar<long>($"SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata([{string.Join(", ", files.Select(f => $"'{DataLake.Quote(f)}'"))}])");
    }

    private static LakeTable[] Of(LakeTable table) => table == LakeTable.Orders ? WithOrders : [table];

    private static bool IsOlder(string path, DateTime before) => QuarterOf(path) is { } quarter
        && string.CompareOrdinal(quarter, string.Create(CultureInfo.InvariantCulture, $"{before.Year}Q{((before.Month - 1) / 3) + 1}")) < 0;

    private static string? QuarterOf(string path) =>
        path.Split('/', '\\').FirstOrDefault(p => p.StartsWith("quarter=", StringComparison.Ordinal)) is { } folder ? folder["quarter=".Length..] : null;
}
