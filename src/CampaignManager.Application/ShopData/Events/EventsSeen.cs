using System.Globalization;

namespace CampaignManager.Application.ShopData.Events;

/// <param name="Type">As the lake has it.</param>
/// <param name="Customer">The shop's id, or its pseudonym.</param>
/// <param name="Browser">The browser's own id.</param>
/// <param name="At">UTC; when it happened.</param>
/// <param name="ReceivedAt">UTC.</param>
/// <param name="InLake">False: it waits in the buffer.</param>
public sealed record SeenEvent(
    string Id, string Type, string? Customer, string? Browser, string? Sku, string? OrderId, DateTime At, DateTime ReceivedAt, bool InLake);

/// <param name="Last">The newest first.</param>
/// <param name="Waiting">How many are not in the lake yet.</param>
public sealed record SeenEvents(IReadOnlyList<SeenEvent> Last, long Waiting);

/// <summary>What came in last, for who connects a shop.</summary>
public sealed class EventsSeen
{
    public const int Most = 20;

    private readonly EventStore store;

    internal EventsSeen(EventStore store) => this.store = store;

    public async Task<SeenEvents> LastAsync(CancellationToken cancel)
    {
        var (waiting, _) = await store.StateAsync(cancel);
        await using var connection = await store.OpenAsync(cancel);
        const string Shown = "seq, event_id, type, customer_id, anonymous_id, sku, order_id, happened, received";
        await using var command = EventStore.Command(connection, null, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT * FROM (SELECT {Shown}, 0 AS there FROM event_buffer ORDER BY seq DESC LIMIT {Most}) AS buffered
            UNION ALL SELECT {Shown}, 1 AS there FROM event_seen WHERE seq NOT IN (SELECT seq FROM event_buffer) ORDER BY 1 DESC LIMIT {Most}
            """), 0);
        await using var r = await command.ExecuteReaderAsync(cancel);
        List<SeenEvent> last = [];
        while (await r.ReadAsync(cancel))
        {
            last.Add(new SeenEvent(r.GetString(1), r.GetString(2), Text(3), Text(4), Text(5), Text(6), Utc(7), Utc(8), r.GetInt32(9) == 1));
        }

        return new SeenEvents(last, waiting);

        string? Text(int column) => r.IsDBNull(column) ? null : r.GetString(column);
        DateTime Utc(int column) => new(r.GetInt64(column), DateTimeKind.Utc);
    }
}
