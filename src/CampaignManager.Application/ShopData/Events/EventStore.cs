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
internal sealed record EventBatch(Guid Id, long Upto);

/// <summary>
/// Where accepted events lie until the lake has them: on SQLite a file of its own, so that its waits for the disk hold up nobody else, on PostgreSQL tables.
/// Both know the same SQL. See docs/decisions/durability.md.
/// </summary>
internal sealed class EventStore(IOptions<DatabaseOptions> database, IOptions<EventOptions> options)
{
    private const string Columns = "event_id, type, happened, customer_id, anonymous_id, sku, quantity, price, currency, order_id, rating, said, received";
    private readonly DatabaseOptions where = database.Value;

    private string BufferFile => Path.GetFullPath(options.Value.BufferPath is { Length: > 0 } own
        ? own : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(where.Path))!, "events-buffer.db"));

    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (!where.IsPostgreSql)
            OwnFolder.Make(Path.GetDirectoryName(BufferFile)!);
        var seq = where.IsPostgreSql ? "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY" : "INTEGER PRIMARY KEY AUTOINCREMENT";
        await using var connection = await OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (where.IsPostgreSql)
            await RunAsync(connection, transaction, "SELECT pg_advisory_xact_lock(4843920115)", cancel);
        await RunAsync(connection, transaction, $"""
            CREATE TABLE IF NOT EXISTS event_buffer (seq {seq}, event_id TEXT NOT NULL, type TEXT NOT NULL, happened BIGINT NOT NULL, customer_id TEXT,
                anonymous_id TEXT, sku TEXT, quantity INTEGER, price BIGINT, currency TEXT, order_id TEXT, rating INTEGER, said TEXT, received BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS event_ids (hash BIGINT PRIMARY KEY, content BIGINT NOT NULL, received BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS event_batch (one INTEGER PRIMARY KEY, id TEXT NOT NULL, upto BIGINT NOT NULL);
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
        await RunAsync(sqlite, null, "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=15000; PRAGMA synchronous=FULL;", cancel);
        return sqlite;
    }

    /// <summary>All calls in one transaction; when it returns, they are on the disk.</summary>
    public async Task WriteAsync(DbConnection connection, IReadOnlyList<EventCall> calls, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var id = Command(connection, transaction, "INSERT INTO event_ids VALUES (@p0, @p1, @p2) ON CONFLICT DO NOTHING", 3);
        await using var known = Command(connection, transaction, "SELECT content FROM event_ids WHERE hash = @p0", 1);
        await using var row = Command(connection, transaction,
            $"INSERT INTO event_buffer ({Columns}) VALUES ({string.Join(", ", Enumerable.Range(0, 13).Select(i => "@p" + i))})", 13);
        foreach (var call in calls)
        {
            for (var i = 0; i < call.Events.Count; i++)
            {
                var (e, hash) = (call.Events[i], call.Hashes[i]);
                Set(id, hash.Id, hash.Content, call.Received);
                if (await id.ExecuteNonQueryAsync(cancel) == 0)
                {
                    Set(known, hash.Id);
                    call.Verdicts[i] = (long)(await known.ExecuteScalarAsync(cancel))! == hash.Content ? EventVerdict.Duplicate : EventVerdict.Conflict;
                    continue;
                }

                Set(row, e.Id, e.Type, e.At.Ticks, e.CustomerId, e.AnonymousId, e.Sku, e.Quantity, e.UnitPriceMinor, e.Currency, e.OrderId, e.Rating, e.Text,
                    call.Received);
                await row.ExecuteNonQueryAsync(cancel);
                call.Verdicts[i] = EventVerdict.Accepted;
            }
        }

        await transaction.CommitAsync(cancel);
    }

    /// <returns>How many wait for the lake, and since when.</returns>
    public async Task<(long Rows, DateTime? Oldest)> StateAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await using var command = Command(connection, null, "SELECT count(*), min(received) FROM event_buffer", 0);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : new DateTime(reader.GetInt64(1), DateTimeKind.Utc));
    }

    /// <summary>The batch that was begun and not finished; else a new one of what is there, written down before anything is done with it. Null: nothing is there.</summary>
    public async Task<EventBatch?> BeginAsync(DbConnection connection, int most, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Numbers are given before the commit that shows them: who is at it is waited for, so that no lower number appears later.
        if (where.IsPostgreSql)
            await RunAsync(connection, transaction, "LOCK TABLE event_buffer IN SHARE MODE", cancel);
        await using (var begun = Command(connection, transaction, "SELECT id, upto FROM event_batch", 0))
        await using (var reader = await begun.ExecuteReaderAsync(cancel))
        {
            if (await reader.ReadAsync(cancel))
                return new EventBatch(Guid.Parse(reader.GetString(0)), reader.GetInt64(1));
        }

        await using var last = Command(connection, transaction, $"SELECT max(seq) FROM (SELECT seq FROM event_buffer ORDER BY seq LIMIT {most}) AS first", 0);
        if (await last.ExecuteScalarAsync(cancel) is not long upto)
            return null;
        var batch = new EventBatch(Guid.CreateVersion7(), upto);
        await using var write = Command(connection, transaction, "INSERT INTO event_batch VALUES (1, @p0, @p1)", 2);
        Set(write, batch.Id.ToString(), upto);
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
                CustomerId = Text(r, 4), AnonymousId = Text(r, 5), Sku = Text(r, 6), Quantity = r.IsDBNull(7) ? null : r.GetInt32(7),
                UnitPriceMinor = r.IsDBNull(8) ? null : r.GetInt64(8), Currency = Text(r, 9), OrderId = Text(r, 10),
                Rating = r.IsDBNull(11) ? null : r.GetInt32(11), Text = Text(r, 12), ReceivedAt = Utc(r.GetInt64(13)),
            };
        }
    }

    public async Task<DateTime> KnownAtAsync(DbConnection connection, EventBatch batch, CancellationToken cancel)
    {
        await using var command = Command(connection, null, "SELECT max(received) FROM event_buffer WHERE seq <= @p0", 1);
        Set(command, batch.Upto);
        return await command.ExecuteScalarAsync(cancel) is long ticks ? Utc(ticks) : Utc(0);
    }

    /// <summary>The lake has it: done twice it does nothing the second time.</summary>
    public async Task FinishAsync(DbConnection connection, EventBatch batch, DateTime forgetBefore, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var finish = Command(connection, transaction, "DELETE FROM event_batch WHERE id = @p0", 1);
        Set(finish, batch.Id.ToString());
        if (await finish.ExecuteNonQueryAsync(cancel) == 0)
            return;
        await using var rows = Command(connection, transaction, "DELETE FROM event_buffer WHERE seq <= @p0", 1);
        Set(rows, batch.Upto);
        await rows.ExecuteNonQueryAsync(cancel);
        await using var ids = Command(connection, transaction, "DELETE FROM event_ids WHERE received < @p0", 1);
        Set(ids, forgetBefore.Ticks);
        await ids.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
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

    private static DbCommand Command(DbConnection connection, DbTransaction? transaction, string sql, int parameters)
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

    private static void Set(DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
