using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>
/// Events into the buffer's SQLite file, one prepared statement after the other. Past ADO.NET, which makes an object of each parameter's value and a reader of each statement.
/// </summary>
internal static class EventInsert
{
    public static void Write(SqliteConnection connection, IReadOnlyList<EventCall> calls)
    {
        var db = connection.Handle!;
        using var id = Prepare(db, "INSERT INTO event_ids VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
        using var known = Prepare(db, "SELECT content FROM event_ids WHERE hash = ?");
        using var row = Prepare(db, $"INSERT INTO event_buffer ({EventStore.Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        foreach (var call in calls)
        {
            for (var i = 0; i < call.Events.Count; i++)
            {
                var hash = call.Hashes[i];
                Bind(id, 1, hash.Id);
                Bind(id, 2, hash.Content);
                Bind(id, 3, call.Received);
                Step(db, id, raw.SQLITE_DONE);
                if (raw.sqlite3_changes(db) == 1)
                {
                    Insert(db, row, call.Events[i], call.Received);
                    call.Verdicts[i] = EventVerdict.Accepted;
                    continue;
                }

                Bind(known, 1, hash.Id);
                Step(db, known, raw.SQLITE_ROW, out var content);
                call.Verdicts[i] = content == hash.Content ? EventVerdict.Duplicate : EventVerdict.Conflict;
            }
        }
    }

    private static void Insert(sqlite3 db, sqlite3_stmt row, ApiEvent e, long received)
    {
        Bind(row, 1, e.Id);
        Bind(row, 2, e.Type);
        Bind(row, 3, e.At.Ticks);
        Bind(row, 4, e.CustomerId);
        Bind(row, 5, e.AnonymousId);
        Bind(row, 6, e.Sku);
        Bind(row, 7, e.Quantity);
        Bind(row, 8, e.UnitPriceMinor);
        Bind(row, 9, e.Currency);
        Bind(row, 10, e.OrderId);
        Bind(row, 11, e.Rating);
        Bind(row, 12, e.Text);
        Bind(row, 13, received);
        Step(db, row, raw.SQLITE_DONE);
    }

    private static sqlite3_stmt Prepare(sqlite3 db, string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(db, sql, out var statement), db);
        return statement;
    }

    private static void Bind(sqlite3_stmt statement, int at, long? number) =>
        _ = number is { } there ? raw.sqlite3_bind_int64(statement, at, there) : raw.sqlite3_bind_null(statement, at);

    private static void Bind(sqlite3_stmt statement, int at, string? text) =>
        _ = text is null ? raw.sqlite3_bind_null(statement, at) : raw.sqlite3_bind_text(statement, at, text);

    private static void Step(sqlite3 db, sqlite3_stmt statement, int wanted) => Step(db, statement, wanted, out _);

    private static void Step(sqlite3 db, sqlite3_stmt statement, int wanted, out long first)
    {
        var code = raw.sqlite3_step(statement);
        if (code != wanted)
        {
            _ = raw.sqlite3_reset(statement);
            SqliteException.ThrowExceptionForRC(code, db);
            throw new InvalidOperationException($"SQLite answered {code}.");
        }

        first = code == raw.SQLITE_ROW ? raw.sqlite3_column_int64(statement, 0) : 0;
        _ = raw.sqlite3_reset(statement);
    }
}
