using System.Data.Common;
using System.Threading.Channels;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Events;

internal enum EventVerdict
{
    Accepted,
    Duplicate,
    Conflict,
}

/// <summary>The events of one call on their way to the disk.</summary>
/// <param name="Received">UTC ticks.</param>
internal sealed record EventCall(IReadOnlyList<ApiEvent> Events, long Received)
{
    public EventVerdict[] Verdicts { get; } = new EventVerdict[Events.Count];

    public (long Id, long Content)[] Hashes { get; } = HashesOf(Events);

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static (long, long)[] HashesOf(IReadOnlyList<ApiEvent> events)
    {
        var hash = new ContentHash();
        return
        [
            .. events.Select(e => (hash.Begin().Of(e.Id).Value,
                hash.Begin().Of(e.Type).Of(e.At).Of(e.Sku).Of(e.Quantity).Of(e.UnitPriceMinor).Of(e.Currency).Of(e.OrderId).Of(e.Rating).Of(e.Text)
                    .Of(e.CustomerId).Of(e.AnonymousId).Value)),
        ];
    }
}

/// <summary>Calls that arrive together are committed together, and answered when that commit is on the disk.</summary>
internal sealed class EventBuffer(EventStore store, IOptions<EventOptions> options) : IDisposable
{
    /// <summary>So many events at most wait for one commit; a single call may hold as many.</summary>
    private const int MostTogether = EventBody.Most * 2;

    private readonly Channel<EventCall> queue = Channel.CreateUnbounded<EventCall>();
    private DbConnection? writer;
    private int waiting;
    private int looping;

    /// <returns>False: too many wait already, nothing was kept.</returns>
    public async Task<bool> WriteAsync(EventCall call)
    {
        if (Interlocked.Add(ref waiting, call.Events.Count) > options.Value.MaxWaiting)
        {
            Interlocked.Add(ref waiting, -call.Events.Count);
            return false;
        }

        queue.Writer.TryWrite(call);
        if (Interlocked.CompareExchange(ref looping, 1, 0) == 0)
            _ = Task.Run(LoopAsync);
        await call.Done.Task;
        return true;
    }

    public void Dispose() => writer?.Dispose();

    private async Task LoopAsync()
    {
        do
        {
            while (queue.Reader.TryPeek(out _))
                await CommitAsync();
            Volatile.Write(ref looping, 0);
        }
        while (queue.Reader.TryPeek(out _) && Interlocked.CompareExchange(ref looping, 1, 0) == 0);
    }

    private async Task CommitAsync()
    {
        List<EventCall> taken = [];
        var events = 0;
        while (events < MostTogether && queue.Reader.TryRead(out var next))
        {
            taken.Add(next);
            events += next.Events.Count;
        }

        try
        {
            writer ??= await store.OpenAsync(CancellationToken.None);
            await store.WriteAsync(writer, taken, CancellationToken.None);
            foreach (var call in taken)
                call.Done.TrySetResult();
        }
        catch (Exception fault)
        {
            // Nothing of it is there: not one may be told that it is.
            writer?.Dispose();
            writer = null;
            foreach (var call in taken)
                call.Done.TrySetException(fault);
        }
        finally
        {
            Interlocked.Add(ref waiting, -events);
        }
    }
}
