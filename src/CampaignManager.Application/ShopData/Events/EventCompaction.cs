using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>
/// Puts the buffer into the lake, each event once: a batch is written down with its id before anything else, the lake takes an id once, and only then do its rows leave
/// the buffer. Killed anywhere, the next one takes the same batch up.
/// </summary>
internal sealed class EventCompaction(EventStore store, ShopWriter writer, IOptions<EventOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Of the shop itself: the source that its plain files have.</summary>
    public const string Source = "plain";

    private const int MostAtOnce = 1_000_000;

    private readonly SemaphoreSlim one = new(1, 1);

    /// <returns>Rows that came into the lake.</returns>
    public async Task<long> RunAsync(CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            await using var connection = await store.OpenAsync(cancel);
            if (!await store.TryHoldAsync(connection, cancel))
                return 0;
            try
            {
                long written = 0;
                while (await store.BeginAsync(connection, MostAtOnce, cancel) is { } batch)
                {
                    var known = await store.KnownAtAsync(connection, batch, cancel);
                    var report = await writer.WriteAsync(
                        new ImportSource(batch.Id, Source, known), store.Read(connection, batch), new Conflicts(), null, cancel);
                    written += report["written:events"];
                    await store.FinishAsync(
                        connection, batch, time.GetUtcNow().UtcDateTime.AddHours(-options.Value.RememberIdsHours), CancellationToken.None);
                }

                return written;
            }
            finally
            {
                await store.LetGoAsync(connection);
            }
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    /// <summary>An id that the lake knows with other content: the first stays. Its sender was answered long ago; the lake's own count has it.</summary>
    private sealed class Conflicts : IRejects
    {
        public void Add(RejectedRow row)
        {
        }
    }
}

/// <summary>Looks whether the buffer is old or long enough for the lake; a row in the runs' history for each look would bury the others.</summary>
internal sealed class EventClock(EventStore store, EventCompaction compaction, IOptions<EventOptions> options, TimeProvider time, ILogger<EventClock> logger)
    : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (rows, oldest) = await store.StateAsync(stoppingToken);
                if (rows >= options.Value.CompactAfterRows || oldest <= time.GetUtcNow().UtcDateTime.AddSeconds(-options.Value.CompactAfterSeconds))
                    await compaction.RunAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(fault, "Events could not be put into the lake; they are safe in the buffer, and the next look is in {Every}", Every);
            }
        }
    }
}
