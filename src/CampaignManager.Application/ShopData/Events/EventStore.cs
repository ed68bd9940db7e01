using System.Data.Common;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignManager.Application.ShopData.Events;

/// <param name="Id">Under which its rows are written to the lake, once.</param>
/// <param name="Upto">Its last row.</param>
/// <param name="Known">UTC; when its newest event was received.</param>
internal sealed record EventBatch(Guid Id, long Upto, DateTime Known);

/// <summary>
/// Where accepted events lie until the lake has them: on SQLite a file of its own, so that its waits for the disk hold up nobody else, on PostgreSQL tables.
/// Both know the same SQL. See docs/decisions/durability.md.
/// </summary>
internal sealed class EventStore(IOptions<DatabaseOptions> database, IOptions<EventOptions> options)
{
    public const string Columns = "event_id, type, happened, customer_id, anonymous_id, sku, quantity, price, currency, order_id, rating, said, received";

    /// <summary>So many rows leave the buffer in one transaction: calls wait for the one that writes.</summary>
    private const int LeaveAtOnce = 20_000;

    private const int CacheKilobytes = 64 * 1024;
    private const int LogPages = 8_000;

    private readonly DatabaseOptions where = database.Value;

    private string BufferFile => Path.GetFullPath(options.Value.BufferPath is { Length: > 0 } own
        ? own : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(where.Path))!, "events-buffer.db"));

    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (!where.IsPostgreSql)
            OwnFolder.Make(Path.GetDirectoryName(BufferFile)!);
        // One tree instead of two: ids lie by their hashes anyhow, and each is a page to write. A file of an earlier release keeps its own.
        var clustered = where.IsPostgreSql ? "" : " WITHOUT ROWID";
        var seq = where.IsPostgreSql ? "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY" : "INTEGER PRIMARY KEY AUTOINCREMENT";
        await using var connection = await OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (where.IsPostgreSql)
            await RunAsync(connection, transaction, "SELECT pg_advisory_xact_lock(4843920115)", cancel);
        await RunAsync(connection, transaction, $"""
            CREATE TABLE IF NOT EXISTS event_buffer (seq {seq}, event_id TEXT NOT NULL, type TEXT NOT NULL, happened BIGINT NOT NULL, customer_id TEXT,
                anonymous_id TEXT, sku TEXT, quantity INTEGER, price BIGINT, currency TEXT, order_id TEXT, rating INTEGER, said TEXT, received BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS event_ids (hash BIGINT PRIMARY KEY, content BIGINT NOT NULL, received BIGINT NOT NULL){clustered};
            CREATE TABLE IF NOT EXISTS event_seen (seq BIGINT PRIMARY KEY, event_id TEXT NOT NULL, type TEXT NOT NULL, happened BIGINT NOT NULL, customer_id TEXT,
                anonymous_id TEXT, sku TEXT, quantity INTEGER, price BIGINT, currency TEXT, order_id TEXT, rating INTEGER, said TEXT, received BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS event_batch (one INTEGER PRIMARY KEY, id TEXT NOT NULL, upto BIGINT NOT NULL, known BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS event_refused (day BIGINT NOT NULL, origin INTEGER NOT NULL, code TEXT NOT NULL, field TEXT NOT NULL, times BIGINT NOT NULL,
                last BIGINT NOT NULL, PRIMARY KEY (day, origin, code, field));
            """, cancel);
        await transaction.CommitAsync(cancel);
    }

    public async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        if (where.IsPostgreSql)
        {
            var postgres = new NpgsqlConnection(where.ConnectionString);
            await postgres.OpenAsync(cancel);
            return postgres;
        }

        var sqlite = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = BufferFile, DefaultTimeout = 30 }.ToString());
        await sqlite.OpenAsync(cancel);
        // FULL: what is answered is on the disk, so that a power cut takes nothing back.
        // Ids are spread over all pages of theirs: a cache that holds many, and a log that takes many commits before they are put
        // in their places.
        await RunAsync(sqlite, null, $"""
            PRAGMA journal_mode=WAL; PRAGMA busy_timeout=15000; PRAGMA synchronous=FULL;
            PRAGMA cache_size=-{CacheKilobytes}; PRAGMA wal_autocheckpoint={LogPages};
            """, cancel);
        return sqlite;
    }

    /// <summary>All calls in one transaction; when it returns, they are on the disk.</summary>
    public async Task WriteAsync(DbConnection connection, IReadOnlyList<EventCall> calls, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (connection is NpgsqlConnection postgres)
            await EventCopy.WriteAsync(postgres, (NpgsqlTransaction)transaction, calls, cancel);
        else
            EventInsert.Write((SqliteConnection)connection, calls);
        await transaction.CommitAsync(cancel);
    }

    /// <returns>How many wait for the lake at most, and since when.</returns>
    public async Task<(long Rows, DateTime? Oldest)> StateAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await using var command = Command(connection, null,
            "SELECT (SELECT max(seq) FROM event_buffer), seq, received FROM event_buffer ORDER BY seq LIMIT 1", 0);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (reader.GetInt64(0) - reader.GetInt64(1) + 1, Utc(reader.GetInt64(2))) : (0, null);
    }

    /// <summary>The batch that was begun and not finished; else a new one of what is there, written down before anything is done with it. Null: nothing is there.</summary>
    public async Task<EventBatch?> BeginAsync(DbConnection connection, int most, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Numbers are given before the commit that shows them: who is at it is waited for, so that no lower number appears later.
        if (where.IsPostgreSql)
            await RunAsync(connection, transaction, "LOCK TABLE event_buffer IN SHARE MODE", cancel);
        await using (var begun = Command(connection, transaction, "SELECT id, upto, known FROM event_batch", 0))
        await using (var reader = await begun.ExecuteReaderAsync(cancel))
        {
            if (await reader.ReadAsync(cancel))
                return new EventBatch(Guid.Parse(reader.GetString(0)), reader.GetInt64(1), Utc(reader.GetInt64(2)));
        }

        var (upto, known) = (0L, 0L);
        await using (var last = Command(connection, transaction,
            $"SELECT max(seq), max(received) FROM (SELECT seq, received FROM event_buffer ORDER BY seq LIMIT {most}) AS first", 0))
        await using (var reader = await last.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel) || reader.IsDBNull(0))
                return null;
            (upto, known) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        var batch = new EventBatch(Guid.CreateVersion7(), upto, Utc(known));
        await using var write = Command(connection, transaction, "INSERT INTO event_batch VALUES (1, @p0, @p1, @p2)", 3);
        Set(write, batch.Id.ToString(), upto, known);
        await write.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return batch;
    }

    public IEnumerable<ReadRow> Read(DbConnection connection, EventBatch batch)
    {
        using var command = Command(connection, null, $"SELECT seq, {Columns} FROM event_buffer WHERE seq <= @p0 ORDER BY seq", 1);
        Set(command, batch.Upto);
        using var r = command.ExecuteReader();
        while (r.Read())
        {
            yield return new EventRow(r.GetString(1), r.GetString(2), Utc(r.GetInt64(3)), r.GetInt64(0))
            {
                CustomerId = Text(r, 4),
                AnonymousId = Text(r, 5),
                Sku = Text(r, 6),
                Quantity = r.IsDBNull(7) ? null : r.GetInt32(7),
                UnitPriceMinor = r.IsDBNull(8) ? null : r.GetInt64(8),
                Currency = Text(r, 9),
                OrderId = Text(r, 10),
                Rating = r.IsDBNull(11) ? null : r.GetInt32(11),
                Text = Text(r, 12),
                ReceivedAt = Utc(r.GetInt64(13)),
            };
        }
    }

    /// <summary>The lake has it: its rows leave, some at a time. Killed in between, and done twice, it ends the same.</summary>
    public async Task FinishAsync(DbConnection connection, EventBatch batch, CancellationToken cancel)
    {
        await KeepLastAsync(connection, batch.Upto, cancel);
        await DeleteAsync(connection, "event_buffer", "seq", "seq <= @p0", batch.Upto, cancel);
        await using var finish = Command(connection, null, "DELETE FROM event_batch WHERE id = @p0", 1);
        Set(finish, batch.Id.ToString());
        await finish.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The last ones stay to be looked at: who connects a shop wants to see whether anything arrives.</summary>
    private static async Task KeepLastAsync(DbConnection connection, long upto, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var keep = Command(connection, transaction,
            $"INSERT INTO event_seen SELECT seq, {Columns} FROM event_buffer WHERE seq <= @p0 ORDER BY seq DESC LIMIT {EventsSeen.Most} ON CONFLICT DO NOTHING", 1);
        Set(keep, upto);
        await keep.ExecuteNonQueryAsync(cancel);
        await using var drop = Command(connection, transaction,
            $"DELETE FROM event_seen WHERE seq NOT IN (SELECT seq FROM event_seen ORDER BY seq DESC LIMIT {EventsSeen.Most})", 0);
        await drop.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Ids that are too old to be answered as duplicates at once; the lake knows them for ever.</summary>
    public Task ForgetAsync(DbConnection connection, DateTime before, CancellationToken cancel) =>
        DeleteAsync(connection, "event_ids", "hash", "received < @p0", before.Ticks, cancel);

    private static async Task DeleteAsync(DbConnection connection, string table, string key, string which, long bound, CancellationToken cancel)
    {
        await using var some = Command(connection, null,
            $"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {which} LIMIT {LeaveAtOnce})", 1);
        Set(some, bound);
        while (await some.ExecuteNonQueryAsync(cancel) == LeaveAtOnce)
            cancel.ThrowIfCancellationRequested();
    }

    /// <summary>One node at a time compacts; what it holds ends with its connection.</summary>
    public async Task<bool> TryHoldAsync(DbConnection connection, CancellationToken cancel)
    {
        if (!where.IsPostgreSql)
            return true;
        await using var command = Command(connection, null, "SELECT pg_try_advisory_lock(4843920116)", 0);
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    public async Task LetGoAsync(DbConnection connection)
    {
        if (where.IsPostgreSql)
            await RunAsync(connection, null, "SELECT pg_advisory_unlock(4843920116)", CancellationToken.None);
    }

    private static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);

    private static string? Text(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static async Task RunAsync(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancel)
    {
        await using var command = Command(connection, transaction, sql, 0);
        await command.ExecuteNonQueryAsync(cancel);
    }

    internal static DbCommand Command(DbConnection connection, DbTransaction? transaction, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Made here of constants alone.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "p" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    internal static void Set(DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
