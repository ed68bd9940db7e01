using System.Globalization;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using DuckDB.NET.Data;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Lake;

/// <summary>
/// The lake: Parquet files under <c>Lake:Path</c>, read and written through DuckDB in memory. No process ever holds a database file,
/// so many web nodes and workers can share one folder. Layout and reasons: docs/decisions/lake-layout.md.
/// </summary>
public sealed class DataLake(IOptions<LakeOptions> options, TimeProvider time)
{
    /// <summary>How the customer id of an order begins that belongs to nobody known: in revenue and prices, never in features, segments or training.</summary>
    public const string GuestPrefix = "guest:";

    private const string UnitKey = "minor_per_unit";

    private static readonly TimeSpan SpillLife = TimeSpan.FromDays(1);

    private static readonly TimeSpan ReaderLife = TimeSpan.FromHours(1);

    private readonly LakeOptions settings = options.Value;

    private readonly Lazy<SpillFolder> spills = new(() => new SpillFolder(Path.Combine(Path.GetFullPath(options.Value.Path), StagingFolder.Home)));

    private volatile Seen? read;

    private sealed record Seen((long Bytes, long Ticks) Stamp, LakeCatalogue Catalogue);

    /// <summary>Told before each step that changes files: a test ends the process's work there.</summary>
    internal Action<string>? Step { get; set; }

    public string Root { get; } = Path.GetFullPath(options.Value.Path);

    public int Buckets => settings.Buckets;

    /// <summary>Threads of one connection, and so how many buckets are worth working on at once.</summary>
    public int Threads => settings.Threads > 0 ? settings.Threads : Environment.ProcessorCount;

    /// <summary>A new in-memory connection, opened. The caller disposes it. UTC, spilling to the lake's own temporary folder.</summary>
    /// <param name="threads">Threads of this connection; nothing takes <c>Lake:Threads</c>.</param>
    public DuckDBConnection Open(int? threads = null)
    {
        var spill = spills.Value.Next();
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var count = threads ?? Threads;
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"""
            SET threads = {count};
            SET memory_limit = '{settings.MemoryLimit}';
            SET temp_directory = '{Quote(spill)}';
            SET TimeZone = 'UTC';
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            """));
        return connection;
    }

    /// <summary>A second connection to the same memory: it sees the first one's tables, not its temporary ones, and shares its threads and limits. The caller disposes it.</summary>
    public static DuckDBConnection OpenBeside(DuckDBConnection first)
    {
        var connection = first.Duplicate();
        connection.Open();
        connection.Run("SET TimeZone = 'UTC'");
        return connection;
    }

    public string FolderOf(LakeTable table) => Path.Combine(Root, table.Name);

    /// <summary>Every file of a table as DuckDB sees it; temporaries lie under the staging folder and never match.</summary>
    public string GlobOf(LakeTable table) =>
        string.Join('/', [FolderOf(table), .. table.PartitionColumns.Select(c => c + "=*"), "*.parquet"]);

    /// <summary>
    /// A SQL relation over the table with its folder columns, as the newest versions say; without any file, an empty relation of the same shape. The one door for all
    /// readers.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="knownBy">UTC; what the shop said later does not exist yet. Null: all that is known.</param>
    public string Source(LakeTable table, DateTime? knownBy = null) => new LakeRelation(this, table, Catalogue(), knownBy).Sql;

    /// <summary>Orders that are purchases: not the unpaid, cancelled and test ones. All who count orders or their money read them here.</summary>
    public string CountedOrders(DateTime? knownBy = null) => Listed(LakeTable.Orders)
        ? $"""
           (SELECT * REPLACE (coalesce(discount_minor, 0) AS discount_minor, coalesce(list_minor, total_minor) AS list_minor)
            FROM {Source(LakeTable.Orders, knownBy)} WHERE status = 'counted')
           """
        : Source(LakeTable.Orders, knownBy);

    /// <summary>Lines of these, with the category and the cost of their product where they do not say their own: the cost that was known when they were sold, else the first.</summary>
    public string CountedLines(DateTime? knownBy = null) => Listed(LakeTable.OrderLines)
        ? $"""
           (SELECT l.* REPLACE (coalesce(l.category, p.category) AS category, coalesce(l.unit_cost_minor, c.unit_cost_minor) AS unit_cost_minor)
            FROM (SELECT * FROM {Source(LakeTable.OrderLines, knownBy)} WHERE status = 'counted') l
            LEFT JOIN (SELECT sku, any_value(category) AS category FROM {Source(LakeTable.Products, knownBy)} GROUP BY 1) p ON p.sku = l.sku
            ASOF LEFT JOIN ({ProductCosts}) c ON c.sku = l.sku AND l."at" >= c.since)
           """
        : Source(LakeTable.OrderLines, knownBy);

    internal string ProductCosts => $"""
        SELECT sku, unit_cost_minor, CASE WHEN row_number() OVER (PARTITION BY sku ORDER BY known_at, version) = 1 THEN TIMESTAMP '1900-01-01' ELSE known_at END AS since
        FROM {new LakeRelation(this, LakeTable.Products, Catalogue(), null).AllVersions} WHERE unit_cost_minor IS NOT NULL
        """;

    private bool Listed(LakeTable table) => Catalogue().FilesOf(table).Any();

    /// <summary>What is listed, as it stands.</summary>
    public LakeCatalogue Catalogue()
    {
        var file = new FileInfo(PathTo(LakeCatalogue.FileName));
        if (!file.Exists)
            return LakeCatalogue.Empty;
        var stamp = (file.Length, file.LastWriteTimeUtc.Ticks);
        if (read is { } last && last.Stamp == stamp)
            return last.Catalogue;
        var catalogue = LakeCatalogue.Parse(File.ReadAllText(file.FullName));
        read = new Seen(stamp, catalogue);
        return catalogue;
    }

    /// <summary>Files of a table that the catalogue does not speak of, whole paths.</summary>
    internal IReadOnlyList<string> UnlistedFiles(LakeTable table) => Directory.Exists(FolderOf(table))
        ?
        [
            .. Directory.EnumerateFiles(FolderOf(table), "*.parquet", SearchOption.AllDirectories)
                .Where(f => !Path.GetFileName(f).StartsWith(LakeCatalogue.Mark, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ]
        : [];

    /// <summary>A SQL relation over one file or glob below the root, for derived files (features, segments, training tables).</summary>
    public string SourceOf(string relativePath) =>
        $"read_parquet('{Quote(PathTo(relativePath))}', hive_partitioning = false)";

    public string PathTo(string relativePath) => Path.Combine(Root, relativePath);

    public bool HasRows(LakeTable table) => Catalogue().FilesOf(table).Any() || UnlistedFiles(table).Count > 0;

    /// <summary>Changes whenever a file of the tables comes, goes or is replaced.</summary>
    public string StampOf(params ReadOnlySpan<LakeTable> tables)
    {
        long count = 0, bytes = 0, ticks = 0;
        foreach (var table in tables)
        {
            if (!Directory.Exists(FolderOf(table)))
                continue;
            foreach (var file in new DirectoryInfo(FolderOf(table)).EnumerateFiles("*.parquet", SearchOption.AllDirectories))
                (count, bytes, ticks) = (count + 1, bytes + file.Length, ticks + (file.LastWriteTimeUtc.Ticks % 1_000_000_007));
        }

        var listed = Catalogue().Revision;
        return string.Create(CultureInfo.InvariantCulture, $"{count}|{bytes}|{ticks}{(listed == 0 ? "" : $"|{listed}")}");
    }

    /// <summary>Writes the rows of a query as one file under its final name, or not at all.</summary>
    public void WriteFile(DuckDBConnection connection, string selectSql, string relativePath, CancellationToken cancel = default) =>
        WriteFile(connection, selectSql, relativePath, null, cancel);

    /// <summary>The same with the unit of its amounts within the file itself, so that they never stand beside another unit than theirs.</summary>
    public void WriteFile(DuckDBConnection connection, string selectSql, string relativePath, AmountUnit? unit, CancellationToken cancel)
    {
        using var staging = new StagingFolder(Root);
        var staged = Path.Combine(staging.Path, "rows.parquet");
        var said = unit is { } its ? string.Create(CultureInfo.InvariantCulture, $", KV_METADATA {{ {UnitKey}: '{its.Minor}' }}") : "";
        // What the parts of a run leave for its last step is read once and thrown away: a third less processor time is worth the larger files.
        var codec = relativePath.StartsWith(StagingFolder.Home, StringComparison.Ordinal) ? "lz4_raw" : "zstd";
        connection.Run($"COPY ({selectSql}) TO '{Quote(staged)}' (FORMAT parquet, COMPRESSION {codec}{said})", cancel);
        Publish(staged, relativePath);
    }

    /// <summary>What the amounts of such a file count in.</summary>
    public AmountUnit UnitOf(string relativePath)
    {
        using var connection = Open(threads: 1);
        var said = connection.Query(
            $"SELECT decode(value) FROM parquet_kv_metadata('{Quote(PathTo(relativePath))}') WHERE decode(key) = '{UnitKey}'",
            r => r.GetString(0));
        return said.Count == 0 ? AmountUnit.Unsaid : new AmountUnit(long.Parse(said[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a small text file (a manifest) under its final name, or not at all.</summary>
    public async Task WriteTextAsync(string text, string relativePath, CancellationToken cancel)
    {
        using var staging = new StagingFolder(Root);
        var staged = Path.Combine(staging.Path, "text");
        await File.WriteAllTextAsync(staged, text, cancel);
        Publish(staged, relativePath);
    }

    /// <summary>Starts a change of many files that becomes visible as a whole; see <see cref="LakeBatch"/>.</summary>
    public LakeBatch Begin(string prefix) => new(this, prefix);

    /// <summary>
    /// Clears up after a crash: sealed batches are finished, everything else a dead process left is thrown away. What living
    /// processes stage is left alone. Safe to call at any time.
    /// </summary>
    public void Sweep()
    {
        foreach (var abandoned in StagingFolder.Abandoned(Root))
        {
            using (abandoned)
                LakeBatch.Recover(this, abandoned);
        }

        var home = Path.Combine(Root, StagingFolder.Home);
        if (!Directory.Exists(home))
            return;
        var oldest = time.GetUtcNow().UtcDateTime - SpillLife;
        PartFolder.Sweep(home, oldest);
        SweepDropped();
        SpillFolder.Sweep(home, oldest);
    }

    /// <summary>Removes what the catalogue lists no more, once no reader can have begun before. It stays noted there: gone twice is gone.</summary>
    private void SweepDropped()
    {
        var oldest = time.GetUtcNow().UtcDateTime - ReaderLife;
        foreach (var dropped in Catalogue().Dropped.Where(d => d.At < oldest))
            File.Delete(PathTo(dropped.Path));
    }

    /// <summary>Puts bytes into the lake and takes them away again.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Probe()
    {
        using var staging = new StagingFolder(Root);
        FolderProbe.Write(staging.Path);
    }

    private void Publish(string staged, string relativePath)
    {
        var target = PathTo(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        RunClaim.Publish(() => File.Move(staged, target, overwrite: true));
    }

    /// <summary>A UTC time as SQL.</summary>
    internal static string Moment(DateTime time) => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{time:yyyy-MM-dd HH:mm:ss.ffffff}'");

    internal static string Quote(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
