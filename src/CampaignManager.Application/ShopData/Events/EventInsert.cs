using Microsoft.Data.Sqlite;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Events into the buffer's SQLite file, one prepared statement after the other.</summary>
internal static class EventInsert
{
    private const int Fields = 13;

    public static void Write(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<EventCall> calls)
    {
        using var id = EventStore.Command(connection, transaction, "INSERT INTO event_ids VALUES (@p0, @p1, @p2) ON CONFLICT DO NOTHING", 3);
        using var known = EventStore.Command(connection, transaction, "SELECT content FROM event_ids WHERE hash = @p0", 1);
        using var row = EventStore.Command(connection, transaction,
            $"INSERT INTO event_buffer ({EventStore.Columns}) VALUES ({string.Join(", ", Enumerable.Range(0, Fields).Select(i => "@p" + i))})", Fields);
        foreach (var call in calls)
        {
            for (var i = 0; i < call.Events.Count; i++)
            {
                var (e, hash) = (call.Events[i], call.Hashes[i]);
                EventStore.Set(id, hash.Id, hash.Content, call.Received);
                if (id.ExecuteNonQuery() == 0)
                {
                    EventStore.Set(known, hash.Id);
                    call.Verdicts[i] = (long)known.ExecuteScalar()! == hash.Content ? EventVerdict.Duplicate : EventVerdict.Conflict;
                    continue;
                }

                EventStore.Set(row, e.Id, e.Type, e.At.Ticks, e.CustomerId, e.AnonymousId, e.Sku, e.Quantity, e.UnitPriceMinor, e.Currency, e.OrderId,
                    e.Rating, e.Text, call.Received);
                row.ExecuteNonQuery();
                call.Verdicts[i] = EventVerdict.Accepted;
            }
        }
    }
}
