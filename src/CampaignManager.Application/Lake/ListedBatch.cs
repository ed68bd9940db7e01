using System.Globalization;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Lake;

/// <summary>
/// A change of the catalogue and the files it lists, as one <see cref="LakeBatch"/>. Its maker holds <see cref="LakeLock"/> until it is committed or thrown away.
/// </summary>
internal sealed class ListedBatch : IDisposable
{
    private static readonly TimeSpan DroppedLife = TimeSpan.FromHours(3);

    private readonly DataLake lake;
    private readonly DuckDBConnection connection;
    private readonly LakeBatch batch;
    private readonly CancellationToken cancel;
    private readonly List<ListedFile> added = [];
    private readonly Lock adding = new();

    public ListedBatch(DataLake lake, DuckDBConnection connection, string prefix, CancellationToken cancel)
    {
        (this.lake, this.connection, this.cancel) = (lake, connection, cancel);
        batch = lake.Begin(prefix);
        Was = lake.Catalogue();
    }

    /// <summary>As it stood when the lock was taken.</summary>
    public LakeCatalogue Was { get; }

    public DuckDBConnection Connection => connection;

    public IReadOnlyList<ListedFile> Added => added;

    /// <summary>Stages the rows of a query, which gives all columns of the table by name.</summary>
    /// <param name="table">The table.</param>
    /// <param name="selectSql">The rows.</param>
    public void Add(LakeTable table, string selectSql)
    {
        lake.Step?.Invoke("stage");
        added.AddRange(Facts(connection, table, batch.AddListed(connection, table, selectSql, null, null, cancel)));
    }

    /// <summary>The same for rows that another connection holds; several threads may, each with its own part.</summary>
    /// <param name="from">Where the query runs.</param>
    /// <param name="table">The table.</param>
    /// <param name="selectSql">The rows.</param>
    /// <param name="part">Names the files, which a second try then replaces; without one they get a name of their own.</param>
    /// <param name="bucket">Where all of them belong, as SQL, if that is known.</param>
    public void Add(DuckDBConnection from, LakeTable table, string selectSql, string? part, string? bucket = null)
    {
        var facts = Facts(from, table, batch.AddListed(from, table, selectSql, part, bucket, cancel));
        lock (adding)
            added.AddRange(facts);
    }

    /// <summary>On commit, files of this table that no catalogue lists and that carry this batch's prefix are removed.</summary>
    public void Replace(LakeTable table) => batch.Replace(table);

    /// <summary>A file beside the tables that the catalogue names.</summary>
    public string Place(string relativePath) => batch.Place(relativePath);

    /// <param name="drop">Files that are read no more.</param>
    /// <param name="change">What else changes in the catalogue.</param>
    /// <param name="now">UTC.</param>
    public void Commit(IReadOnlySet<string> drop, Func<LakeCatalogue, LakeCatalogue> change, DateTime now)
    {
        var next = Was with
        {
            Revision = Was.Revision + 1,
            Files = [.. Was.Files.Where(f => !drop.Contains(f.Path)), .. added.OrderBy(f => f.Path, StringComparer.Ordinal)],
            Dropped =
            [
                .. Was.Dropped.Where(d => d.At > now - DroppedLife),
                // What this batch wrote again under its old name is not gone.
                .. drop.Except(added.Select(f => f.Path)).Order(StringComparer.Ordinal).Select(path => new DroppedFile(path, now)),
            ],
        };
        batch.List(change(next));
        batch.Commit();
    }

    public void Dispose() => batch.Dispose();

    private static List<ListedFile> Facts(DuckDBConnection connection, LakeTable table, IReadOnlyList<(string Path, string Staged)> files)
    {
        if (files.Count == 0)
            return [];
        var time = table.Time is null ? "NULL::TIMESTAMP" : $"\"{table.Time}\"";
        var twice = table.Merge == LakeMerge.ByColumn ? $" OR count(DISTINCT {table.Key[0]}) < count(*)" : "";
        var names = string.Join(", ", files.Select(f => $"'{DataLake.Quote(f.Staged)}'"));
        var found = connection.Query(
            $"""
            SELECT filename, count(*), min({time}), max({time}), string_agg(DISTINCT version::VARCHAR, ','), coalesce(bool_or(deleted){twice}, false)
            FROM read_parquet([{names}], hive_partitioning = false, filename = true) GROUP BY 1
            """,
            r => (File: r.GetString(0), Rows: r.GetInt64(1), From: Time(r, 2), To: Time(r, 3), Versions: r.GetString(4), Replaces: r.GetBoolean(5)))
            .ToDictionary(f => f.File, StringComparer.Ordinal);
        List<ListedFile> facts = [];
        foreach (var (path, staged) in files)
        {
            if (!found.TryGetValue(staged, out var its))
            {
                File.Delete(staged);
                continue;
            }

            using var bytes = File.OpenRead(staged);
            var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            var versions = its.Versions.Split(',').Select(v => long.Parse(v, CultureInfo.InvariantCulture)).Order().ToList();
            facts.Add(new ListedFile(path, table.Name, its.Rows, bytes.Length, hash, its.From, its.To, versions, its.Replaces) { Whole = table.HasLate });
        }

        return facts;
    }

    private static DateTime? Time(DuckDBDataReader r, int column) => r.IsDBNull(column) ? null : DateTime.SpecifyKind(r.GetDateTime(column), DateTimeKind.Utc);
}
