using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>
/// Puts the buffer into the lake, each event once: a batch is written down with its id before anything else, the lake takes an id once and has it on the disk, and only then do its
/// rows leave the buffer. Killed anywhere, the next one takes the same batch up.
/// </summary>
internal sealed class EventCompaction(
    EventStore store, ShopWriter writer, DataLake lake, LakeCompaction files, EventRefusals refusals, DemoDataPresent demo, IOptions<EventOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Of the shop itself: the source that its plain files have.</summary>
    public const string Source = "plain";

    private const int MostAtOnce = 500_000;

    /// <summary>Small files of one folder from which they are made one.</summary>
    private const int ManyFiles = 32;

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim one = new(1, 1);
    private long? forgot;

    /// <summary>Told before each step: a test ends the process's work there.</summary>
    internal Action<string>? Step { get; set; }

    /// <param name="progress">Told how many came into the lake so far.</param>
    /// <param name="cancel">Stops between two batches' writing.</param>
    /// <returns>Rows that came into the lake.</returns>
    public async Task<long> RunAsync(Func<long, Task>? progress, CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            await using var connection = await store.OpenAsync(cancel);
            // Real and invented people do not mix: what was sent before the demo shop came waits until it is gone.
            if (await demo(cancel) || !await store.TryHoldAsync(connection, cancel))
                return 0;
            try
            {
                long written = 0;
                while (await store.BeginAsync(connection, MostAtOnce, cancel) is { } batch)
                {
                    Step?.Invoke("begun");
                    var source = new ImportSource(DayOf(batch.Known), Source, batch.Known) { Batch = batch.Id };
                    var report = await writer.WriteAsync(source, store.Read(connection, batch), new Conflicts(refusals), null, cancel);
                    written += report["written:events"];
                    Step?.Invoke("written");
                    await store.FinishAsync(connection, batch, CancellationToken.None);
                    Step?.Invoke("finished");
                    if (progress is not null)
                        await progress(written);
                }

                await ForgetAsync(connection, cancel);
                if (lake.Catalogue().FilesOf(LakeTable.Events).Where(f => f.Bytes < LakeCompaction.Large).GroupBy(f => f.Folder).Any(f => f.Count() >= ManyFiles))
                    await files.RunAsync(cancel);
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

    /// <summary>All that came in on one day (UTC) is one import of the catalogue.</summary>
    internal static Guid DayOf(DateTime known) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"events by API {Source} {known:yyyy-MM-dd}")))[..16]);

    private async Task ForgetAsync(System.Data.Common.DbConnection connection, CancellationToken cancel)
    {
        if (forgot is { } at && time.GetElapsedTime(at) < ForgetEvery)
            return;
        await store.ForgetAsync(connection, time.GetUtcNow().UtcDateTime.AddHours(-options.Value.RememberIdsHours), cancel);
        forgot = time.GetTimestamp();
    }

    /// <summary>An id that the lake knows with other content: the first stays. Its sender was answered long ago.</summary>
    private sealed class Conflicts(EventRefusals refusals) : IRejects
    {
        public void Add(RejectedRow row) => refusals.Add(RefusedFrom.Lake, row.Reason, "eventId");
    }
}
