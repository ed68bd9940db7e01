using CampaignManager.Application.Jobs;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Lake;

/// <summary>
/// Many files that appear together or not at all. Files are written to a staging folder; <see cref="Commit"/> first puts down a
/// plan (one rename: the point of no return) and then moves them to their places. A crash before the plan leaves nothing, a crash
/// after it is finished by <see cref="DataLake.Sweep"/>.
/// </summary>
public sealed class LakeBatch : IDisposable
{
    internal const string PlanFile = "plan";
    private const string FilesFolder = "files";

    private readonly DataLake lake;
    private readonly string prefix;
    private readonly StagingFolder staging;
    private readonly SortedSet<string> replaced = new(StringComparer.Ordinal);

    internal LakeBatch(DataLake lake, string prefix)
    {
        this.lake = lake;
        this.prefix = prefix;
        staging = new StagingFolder(lake.Root);
        Directory.CreateDirectory(Path.Combine(staging.Path, FilesFolder));
    }

    /// <summary>On commit, files of this table that carry this batch's prefix from an earlier time are removed.</summary>
    public void Replace(LakeTable table)
    {
        lock (replaced)
            replaced.Add(table.Name);
    }

    /// <summary>Stages rows of a table. May be called from several threads, each with its own connection and part.</summary>
    /// <param name="connection">Where the query runs.</param>
    /// <param name="table">The table; the query must give its columns by name.</param>
    /// <param name="selectSql">The rows.</param>
    /// <param name="part">Distinguishes files of one batch within the same folder.</param>
    public void Add(DuckDBConnection connection, LakeTable table, string selectSql, string part)
    {
        var target = Path.Combine(staging.Path, FilesFolder, table.Name);
        Directory.CreateDirectory(target);
        var rows = $"SELECT {table.CastList}{table.PartitionSql(lake.Buckets)} FROM ({selectSql})";
        if (table.Partition == LakePartition.Single)
        {
            connection.Run($"COPY ({rows}) TO '{DataLake.Quote(Path.Combine(target, $"{prefix}-{part}.parquet"))}' (FORMAT parquet, COMPRESSION zstd)");
            return;
        }

        connection.Run($$"""
            COPY ({{rows}}) TO '{{DataLake.Quote(target)}}'
            (FORMAT parquet, COMPRESSION zstd, PARTITION_BY ({{string.Join(", ", table.PartitionColumns)}}),
             OVERWRITE_OR_IGNORE, FILENAME_PATTERN '{{prefix}}-{{part}}-{i}')
            """);
    }

    /// <summary>Stages rows with all columns of a table as files that the catalogue will list. From several threads as above.</summary>
    /// <param name="connection">Where the query runs.</param>
    /// <param name="table">The table.</param>
    /// <param name="selectSql">The rows.</param>
    /// <param name="part">As above; without one the files get a name of their own.</param>
    /// <param name="bucket">Where all of the rows belong, as SQL, if that is known: it need not be computed again.</param>
    /// <param name="cancel">Interrupts the query.</param>
    /// <returns>The files, each below the lake's root and as staged.</returns>
    internal IReadOnlyList<(string Path, string Staged)> AddListed(
        DuckDBConnection connection, LakeTable table, string selectSql, string? part, string? bucket, CancellationToken cancel)
    {
        var name = LakeCatalogue.Mark + prefix + "-" + (part ?? Path.GetRandomFileName()[..8]);
        var target = Path.Combine(staging.Path, FilesFolder, table.Name);
        Directory.CreateDirectory(target);
        var columns = string.Join(", ", table.Whole.Select(c => $"{c.Read}::{c.Type} AS \"{c.Name}\""));
        // A query need not speak of every column.
        var shape = string.Join(", ", table.Whole.Select(c => $"NULL::{c.Type} AS \"{c.Name}\""));
        var rows = $"SELECT {columns}{table.PartitionSql(lake.Buckets, whole: true, bucket)} FROM (SELECT {shape} WHERE false UNION ALL BY NAME ({selectSql}))";
        var where = table.Partition == LakePartition.Single ? Path.Combine(target, name + ".parquet") : target;
        var how = table.Partition == LakePartition.Single ? ""
            : $", PARTITION_BY ({string.Join(", ", table.PartitionColumns)}), OVERWRITE_OR_IGNORE, FILENAME_PATTERN '{name}-{{i}}'";
        connection.Run($"COPY ({rows}) TO '{DataLake.Quote(where)}' (FORMAT parquet, COMPRESSION zstd{how})", cancel);
        return
        [
            .. Directory.EnumerateFiles(target, name + "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(f => (Path.GetRelativePath(Path.Combine(staging.Path, FilesFolder), f), f)),
        ];
    }

    /// <summary>Where to put a file that is to lie there, below the lake's root.</summary>
    internal string Place(string relativePath)
    {
        var staged = Path.Combine(staging.Path, FilesFolder, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        return staged;
    }

    /// <summary>The catalogue that this batch leaves: it takes its place after all files. The caller holds <see cref="LakeLock"/>.</summary>
    internal void List(LakeCatalogue catalogue)
    {
        var staged = Path.Combine(staging.Path, LakeCatalogue.FileName);
        File.WriteAllText(staged, catalogue.Text());
        // Readers know it by length and time, and a file system's clock stands still for some milliseconds.
        var last = File.GetLastWriteTimeUtc(lake.PathTo(LakeCatalogue.FileName));
        if (File.GetLastWriteTimeUtc(staged) <= last)
            File.SetLastWriteTimeUtc(staged, last.AddMilliseconds(1));
    }

    /// <summary>Makes everything visible.</summary>
    public void Commit()
    {
        Flush();
        RunClaim.Publish(() =>
        {
            Seal();
            Apply(lake, staging.Path);
        });
        staging.Keep = false;
    }

    /// <summary>Throws away what was not committed.</summary>
    public void Dispose() => staging.Dispose();

    /// <summary>
    /// What a catalogue lists is on the disk before it: whoever was told that it is kept need not keep it himself. A batch without one is made again from what it was made of.
    /// </summary>
    private void Flush()
    {
        var listed = Path.Combine(staging.Path, LakeCatalogue.FileName);
        if (!File.Exists(listed))
            return;
        foreach (var staged in Directory.EnumerateFiles(Path.Combine(staging.Path, FilesFolder), "*.parquet", SearchOption.AllDirectories))
            OnDisk.Flush(staged);
        OnDisk.Flush(listed);
    }

    /// <summary>The point of no return.</summary>
    internal void Seal()
    {
        lake.Step?.Invoke("seal");
        var draft = Path.Combine(staging.Path, PlanFile + ".tmp");
        File.WriteAllLines(draft, [prefix, .. replaced]);
        staging.Keep = true;
        File.Move(draft, Path.Combine(staging.Path, PlanFile));
        lake.Step?.Invoke("sealed");
    }

    internal static void Recover(DataLake lake, StagingFolder abandoned)
    {
        if (File.Exists(Path.Combine(abandoned.Path, PlanFile)))
            Apply(lake, abandoned.Path);
    }

    // Can be run again after a crash in the middle: old files are cleared before the first new one is moved in, and a mark
    // says for which tables that is done; a file already moved is simply no longer staged.
    private static void Apply(DataLake lake, string folder)
    {
        var plan = File.ReadAllLines(Path.Combine(folder, PlanFile));
        var files = Path.Combine(folder, FilesFolder);
        foreach (var table in plan.Skip(1))
        {
            var mark = Path.Combine(folder, "cleared-" + table);
            if (File.Exists(mark))
                continue;
            if (Directory.Exists(lake.PathTo(table)))
            {
                foreach (var old in Directory.EnumerateFiles(lake.PathTo(table), plan[0] + "-*.parquet", SearchOption.AllDirectories))
                    File.Delete(old);
            }

            File.WriteAllBytes(mark, []);
        }

        var listed = Path.Combine(folder, LakeCatalogue.FileName);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var staged in Directory.EnumerateFiles(files, "*.parquet", SearchOption.AllDirectories))
        {
            var target = lake.PathTo(Path.GetRelativePath(files, staged));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            lake.Step?.Invoke("move");
            File.Move(staged, target, overwrite: true);
            folders.Add(Path.GetDirectoryName(target)!);
        }

        lake.Step?.Invoke("list");
        if (File.Exists(listed))
        {
            OnDisk.FlushFolders(folders, lake.Root);
            File.Move(listed, lake.PathTo(LakeCatalogue.FileName), overwrite: true);
            OnDisk.FlushFolder(lake.Root);
        }

        lake.Step?.Invoke("listed");
    }
}
