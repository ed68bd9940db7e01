using Npgsql;
using NpgsqlTypes;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>
/// Events into the buffer's PostgreSQL tables: all ids in one statement, all rows in one COPY. Ids are claimed in their order, so that two nodes which got the same events
/// wait for each other and never both for each other's.
/// </summary>
internal static class EventCopy
{
    public static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<EventCall> calls, CancellationToken cancel)
    {
        var first = new Dictionary<long, (EventCall Call, int Index)>();
        foreach (var call in calls)
        {
            for (var i = 0; i < call.Events.Count; i++)
                first.TryAdd(call.Hashes[i].Id, (call, i));
        }

        var known = await ClaimAsync(connection, transaction, first, cancel);
        await using (var copy = await connection.BeginBinaryImportAsync($"COPY event_buffer ({EventStore.Columns}) FROM STDIN (FORMAT binary)", cancel))
        {
            foreach (var call in calls)
            {
                for (var i = 0; i < call.Events.Count; i++)
                {
                    var (id, content) = call.Hashes[i];
                    var isFirst = !known.TryGetValue(id, out var there) && first[id] == (call, i);
                    if (isFirst)
                        await RowAsync(copy, call.Events[i], call.Received, cancel);
                    else if (!known.ContainsKey(id))
                        there = first[id].Call.Hashes[first[id].Index].Content;
                    call.Verdicts[i] = isFirst ? EventVerdict.Accepted : there == content ? EventVerdict.Duplicate : EventVerdict.Conflict;
                }
            }

            await copy.CompleteAsync(cancel);
        }
    }

    /// <returns>Content by id of those that were there before.</returns>
    private static async Task<Dictionary<long, long>> ClaimAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Dictionary<long, (EventCall Call, int Index)> first, CancellationToken cancel)
    {
        long[] ids = [.. first.Keys.Order()];
        await using var claim = new NpgsqlCommand(
            "INSERT INTO event_ids SELECT * FROM unnest(@ids, @contents, @received) ON CONFLICT DO NOTHING RETURNING hash", connection, transaction);
        claim.Parameters.AddWithValue("ids", ids);
        claim.Parameters.AddWithValue("contents", ids.Select(i => first[i].Call.Hashes[first[i].Index].Content).ToArray());
        claim.Parameters.AddWithValue("received", ids.Select(i => first[i].Call.Received).ToArray());
        var mine = new HashSet<long>();
        await using (var reader = await claim.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
                mine.Add(reader.GetInt64(0));
        }

        var known = new Dictionary<long, long>();
        if (mine.Count == ids.Length)
            return known;
        await using var others = new NpgsqlCommand("SELECT hash, content FROM event_ids WHERE hash = ANY(@ids)", connection, transaction);
        others.Parameters.AddWithValue("ids", ids.Where(i => !mine.Contains(i)).ToArray());
        await using var found = await others.ExecuteReaderAsync(cancel);
        while (await found.ReadAsync(cancel))
            known[found.GetInt64(0)] = found.GetInt64(1);
        return known;
    }

    private static async Task RowAsync(NpgsqlBinaryImporter copy, ApiEvent e, long received, CancellationToken cancel)
    {
        await copy.StartRowAsync(cancel);
        await copy.WriteAsync(e.Id, NpgsqlDbType.Text, cancel);
        await copy.WriteAsync(e.Type, NpgsqlDbType.Text, cancel);
        await copy.WriteAsync(e.At.Ticks, NpgsqlDbType.Bigint, cancel);
        foreach (var text in (string?[])[e.CustomerId, e.AnonymousId, e.Sku])
            await copy.WriteAsync(text, NpgsqlDbType.Text, cancel);
        await copy.WriteAsync(e.Quantity, NpgsqlDbType.Integer, cancel);
        await copy.WriteAsync(e.UnitPriceMinor, NpgsqlDbType.Bigint, cancel);
        await copy.WriteAsync(e.Currency, NpgsqlDbType.Text, cancel);
        await copy.WriteAsync(e.OrderId, NpgsqlDbType.Text, cancel);
        await copy.WriteAsync(e.Rating, NpgsqlDbType.Integer, cancel);
        await copy.WriteAsync(e.Text, NpgsqlDbType.Text, cancel);
        await copy.WriteAsync(received, NpgsqlDbType.Bigint, cancel);
    }
}
