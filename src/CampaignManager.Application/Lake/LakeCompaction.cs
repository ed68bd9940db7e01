namespace CampaignManager.Application.Lake;

/// <summary>
/// Makes one file of a folder's many small ones, whose rows stay what they are: every import opens, a reader opens each. Done twice it does nothing the second time; killed
/// it leaves the files as they were.
/// </summary>
public sealed class LakeCompaction(DataLake lake, TimeProvider time)
{
    /// <summary>Files of a folder from which merging them pays.</summary>
    public const int WorthIt = 4;

    /// <summary>What is this large is no longer merged.</summary>
    public const long Large = 64L * 1024 * 1024;

    /// <returns>How many files became one of fewer.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        return await Task.Run(
            () =>
            {
                var many = lake.Catalogue().Files.Where(f => f.Bytes < Large).GroupBy(f => (f.Table, f.Folder)).Where(g => g.Count() >= WorthIt).ToList();
                // A folder a batch: what is done stays done when the rest is stopped.
                foreach (var folder in many)
                    Merge(LakeTable.All.Single(t => t.Name == folder.Key.Table), [.. folder], cancel);
                return many.Sum(g => g.Count());
            },
            cancel);
    }

    private void Merge(LakeTable table, IReadOnlyList<ListedFile> files, CancellationToken cancel)
    {
        using var connection = lake.Open();
        using var batch = new ListedBatch(lake, connection, "merged", cancel);
        var paths = string.Join(", ", files.Select(f => $"'{DataLake.Quote(lake.PathTo(f.Path))}'"));
        var order = table.Time is null ? "" : $" ORDER BY \"{table.Time}\"";
        batch.Add(table, $"SELECT * FROM read_parquet([{paths}], hive_partitioning = false{(table.HasLate ? ", union_by_name = true" : "")}){order}");
        cancel.ThrowIfCancellationRequested();
        batch.Commit(files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal), c => c, time.GetUtcNow().UtcDateTime);
    }
}
