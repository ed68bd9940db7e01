using System.Data.Common;
using System.Globalization;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>Where it was refused: at the door, from a page or from a server, or when the lake turned out to know its id.</summary>
public enum RefusedFrom
{
    Page,
    Server,
    Lake,
}

/// <param name="Code">Why, as the answer said it.</param>
/// <param name="Field">Of the event; null: a whole event, or a whole call.</param>
/// <param name="Times">Events, or calls, in the last days.</param>
/// <param name="Last">UTC.</param>
public sealed record RefusedEvents(RefusedFrom From, string Code, string? Field, long Times, DateTime Last);

/// <summary>
/// How often events were refused and why, by day: who connects a shop sees what does not arrive. Nothing of what they said is kept. Counted in memory, so that a flood of bad
/// calls costs the disk nothing, and written down every few seconds; what a killed process had not written is not counted.
/// </summary>
public sealed class EventRefusals
{
    public const int Days = 7;

    private const int KeepDays = 30;
    private const int Most = 50;

    private readonly EventStore store;
    private readonly TimeProvider time;
    private readonly Lock adding = new();
    private Dictionary<(long Day, RefusedFrom From, string Code, string Field), (long Times, long Last)> counted = [];

    internal EventRefusals(EventStore store, TimeProvider time) => (this.store, this.time) = (store, time);

    /// <param name="field">Of the event; what is none of its fields is not written down, for it may say anything.</param>
    public void Add(RefusedFrom from, string code, string? field = null, long times = 1)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var key = (now.Date.Ticks, from, code, field is not null && EventFields.Names.Contains(field) ? field : "");
        lock (adding)
            counted[key] = (counted.GetValueOrDefault(key).Times + times, now.Ticks);
    }

    /// <summary>Of the last <see cref="Days"/> days, the most frequent first.</summary>
    public async Task<IReadOnlyList<RefusedEvents>> LastDaysAsync(CancellationToken cancel)
    {
        await using var connection = await store.OpenAsync(cancel);
        await WriteAsync(connection, cancel);
        await using var command = EventStore.Command(connection, null, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT origin, code, field, CAST(sum(times) AS BIGINT), max(last) FROM event_refused WHERE day > @p0 GROUP BY origin, code, field
            ORDER BY 4 DESC, code, field, origin LIMIT {Most}
            """), 1);
        EventStore.Set(command, time.GetUtcNow().UtcDateTime.Date.AddDays(-Days).Ticks);
        await using var r = await command.ExecuteReaderAsync(cancel);
        List<RefusedEvents> refused = [];
        while (await r.ReadAsync(cancel))
        {
            refused.Add(new RefusedEvents(
                (RefusedFrom)r.GetInt32(0), r.GetString(1), r.GetString(2) is { Length: > 0 } field ? field : null, r.GetInt64(3), new DateTime(r.GetInt64(4), DateTimeKind.Utc)));
        }

        return refused;
    }

    /// <summary>What has been counted since the last time goes to the disk.</summary>
    internal async Task WriteAsync(CancellationToken cancel)
    {
        lock (adding)
        {
            if (counted.Count == 0)
                return;
        }

        await using var connection = await store.OpenAsync(cancel);
        await WriteAsync(connection, cancel);
    }

    private async Task WriteAsync(DbConnection connection, CancellationToken cancel)
    {
        Dictionary<(long Day, RefusedFrom From, string Code, string Field), (long Times, long Last)> taken;
        lock (adding)
            (taken, counted) = (counted, []);
        if (taken.Count == 0)
            return;
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            // In one order: two nodes that count the same wait for each other, and never both.
            foreach (var (key, said) in taken.OrderBy(t => t.Key))
            {
                await using var add = EventStore.Command(connection, transaction, """
                    INSERT INTO event_refused (day, origin, code, field, times, last) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)
                    ON CONFLICT (day, origin, code, field) DO UPDATE SET times = event_refused.times + excluded.times, last = excluded.last
                    """, 6);
                EventStore.Set(add, key.Day, (int)key.From, key.Code, key.Field, said.Times, said.Last);
                await add.ExecuteNonQueryAsync(cancel);
            }

            await using var forget = EventStore.Command(connection, transaction, "DELETE FROM event_refused WHERE day < @p0", 1);
            EventStore.Set(forget, time.GetUtcNow().UtcDateTime.Date.AddDays(-KeepDays).Ticks);
            await forget.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch
        {
            lock (adding)
            {
                foreach (var (key, said) in taken)
                    counted[key] = (counted.GetValueOrDefault(key).Times + said.Times, Math.Max(said.Last, counted.GetValueOrDefault(key).Last));
            }

            throw;
        }
    }
}
