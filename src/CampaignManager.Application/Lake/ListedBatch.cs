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
    public void Add(LakeTable table, string selectSql)
    {
        lake.Step?.Invoke("stage");
        foreach (var (path, staged) in batch.AddListed(connection, table, selectSql, cancel))
            added.AddRange(Facts(table, path, staged));
    }

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
            Files = [.. Was.Files.Where(f => !drop.Contains(f.Path)), .. added],
            Dropped = [.. Was.Dropped.Where(d => d.At > now - DroppedLife), .. drop.Order(StringComparer.Ordinal).Select(path => new DroppedFile(path, now))],
        };
        batch.List(change(next));
        batch.Commit();
    }

    public void Dispose() => batch.Dispose();

    private IEnumerable<ListedFile> Facts(LakeTable table, string path, string staged)
    {
        var time = table.Time is null ? "NULL::TIMESTAMP" : $"\"{table.Time}\"";
        var twice = table.Merge == LakeMerge.ByColumn ? $" OR count(DISTINCT {table.Key[0]}) < count(*)" : "";
        var found = connection.Query(
            $"""
            SELECT count(*), min({time}), max({time}), string_agg(DISTINCT version::VARCHAR, ','), coalesce(bool_or(deleted){twice}, false)
            FROM read_parquet('{DataLake.Quote(staged)}', hive_partitioning = false)
            """,
            r => (Rows: r.GetInt64(0), From: Time(r, 1), To: Time(r, 2), Versions: r.IsDBNull(3) ? "" : r.GetString(3), Replaces: r.GetBoolean(4)))[0];
        if (found.Rows == 0)
        {
            File.Delete(staged);
            yield break;
        }

        using var bytes = File.OpenRead(staged);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        var versions = found.Versions.Split(',').Select(v => long.Parse(v, CultureInfo.InvariantCulture)).Order().ToList();
        yield return new ListedFile(path, table.Name, found.Rows, bytes.Length, hash, found.From, found.To, versions, found.Replaces);
    }

    private static DateTime? Time(DuckDBDataReader r, int column) => r.IsDBNull(column) ? null : DateTime.SpecifyKind(r.GetDateTime(column), DateTimeKind.Utc);
}
