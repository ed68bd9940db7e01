using System.Globalization;
using System.Runtime.ExceptionServices;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>What all kinds of rows need to be written: the connection with the raw rows, the batch, and whose rows they become.</summary>
internal sealed class WriteStage(DataLake lake, ListedBatch batch, ImportSource source, long version, CancellationToken cancel)
{
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> written = new(StringComparer.Ordinal);
    private readonly Lock together = new();

    public DuckDBConnection Connection => batch.Connection;

    public int Buckets => lake.Buckets;

    public CancellationToken Cancel => cancel;

    public long Version => version;

    public IReadOnlyDictionary<string, long> Counts => counts;

    public string Source => $"'{DataLake.Quote(source.Source)}'";

    /// <summary>When the shop said it, as SQL.</summary>
    public string KnownAt => DataLake.Moment(source.KnownAt);

    /// <summary>Columns that say whose rows they are.</summary>
    public string Origin => string.Create(CultureInfo.InvariantCulture,
        $"{Source} AS source, '{source.ImportId}' AS import_id, {DataLake.Moment(source.KnownAt)} AS known_at, {version}::BIGINT AS version");

    /// <summary>The same of a row that takes a key away from a folder.</summary>
    public string Tomb => $"{Origin}, true AS deleted";

    /// <summary>A table's listed rows with all their versions.</summary>
    public string AllVersions(LakeTable table) => new LakeRelation(lake, table, batch.Was, null).AllVersions;

    /// <summary>A relation over the rows that came or changed.</summary>
    public string? Written(LakeTable table) => written.GetValueOrDefault(table.Name);

    public void Written(LakeTable table, string rows) => written[table.Name] = rows;

    public void Run(string sql) => Connection.Run(sql, cancel);

    public long Scalar(string sql) => Connection.Scalar<long>(sql);

    public void Count(string name, long more)
    {
        lock (together)
            counts[name] = counts.GetValueOrDefault(name) + more;
    }

    /// <summary>Stages a table's rows.</summary>
    /// <param name="table">Which.</param>
    /// <param name="rows">Those that came or changed.</param>
    /// <param name="beside">Rows that go along and are not counted: what takes others away, what follows from rows of other tables.</param>
    public void Add(LakeTable table, string rows, string? beside = null)
    {
        Run($"CREATE OR REPLACE TEMP VIEW written_{table.Name} AS {rows}");
        written[table.Name] = $"written_{table.Name}";
        Count("written:" + table.Name, Scalar($"SELECT count(*) FROM written_{table.Name}"));
        var order = table.Time is null ? "" : $" ORDER BY \"{table.Time}\"";
        batch.Add(table, beside is null ? $"SELECT * FROM written_{table.Name}{order}" : $"SELECT * FROM (SELECT * FROM written_{table.Name} UNION ALL BY NAME ({beside})){order}");
    }

    public void AddMore(LakeTable table, string rows) => batch.Add(table, rows);

    /// <summary>The same for rows of one bucket, from a thread of <see cref="Each"/>.</summary>
    public void AddMore(DuckDBConnection own, LakeTable table, string rows, string bucket)
    {
        lock (together)
            lake.Step?.Invoke("stage");
        batch.Add(own, table, rows, null, bucket);
    }

    /// <summary>
    /// Does parts side by side, each on a thread and a connection of its own, which sees no temporary tables of the others. The engine's
    /// own threads rest meanwhile: who waits for the last of them turns on the spot, which was a fifth of an import's processor time.
    /// </summary>
    public void Each<T>(IReadOnlyList<T> parts, Action<DuckDBConnection, T> work)
    {
        Run("SET threads = 1");
        try
        {
            Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = lake.Threads, CancellationToken = cancel }, part =>
            {
                using var own = DataLake.OpenBeside(Connection);
                work(own, part);
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        Run(string.Create(CultureInfo.InvariantCulture, $"SET threads = {lake.Threads}"));
    }
}
