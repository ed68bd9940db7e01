using System.Globalization;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Demo;

/// <summary>
/// Writes a world into the lake: customers bucket by bucket in chunks, several at once, all staged in one batch that appears as a whole.
/// A chunk's memory is bounded, so the size of the shop is not.
/// </summary>
internal sealed class DemoGenerator(DataLake lake)
{
    private const int ChunkSize = 20_000;

    /// <param name="world">What to write.</param>
    /// <param name="progress">Share of the customers done, 0..1; called from several threads, one at a time.</param>
    /// <param name="cancel">Stops and leaves nothing.</param>
    public async Task WriteAsync(DemoWorld world, Action<double> progress, CancellationToken cancel)
    {
        using var hold = await LakeLock.TakeAsync(lake, cancel);
        using var connection = lake.Open(threads: 1);
        using var import = new DemoImport(lake, connection, world, cancel);
        DemoGoods.Write(world, import);

        var gate = new Lock();
        var done = 0;
        var parallel = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForEachAsync(Chunks(world), parallel, (chunk, token) =>
        {
            WriteChunk(world, import, chunk, token);
            lock (gate)
            {
                done += chunk.Customers.Count;
                progress((double)done / world.Customers);
            }

            return ValueTask.CompletedTask;
        });
        import.Commit();
    }

    private void WriteChunk(DemoWorld world, DemoImport import, Chunk chunk, CancellationToken cancel)
    {
        using var connection = lake.Open(threads: 1);
        using var rows = new DemoRows(world, connection);
        var journey = new DemoJourney(world);
        foreach (var index in chunk.Customers)
        {
            if (index % 256 == 0)
                cancel.ThrowIfCancellationRequested();
            journey.Run(world.Customer(index), rows);
        }

        foreach (var guest in chunk.Guests)
            journey.Guest(guest, rows);
        rows.Stage(import, chunk.Name);
    }

    private List<Chunk> Chunks(DemoWorld world)
    {
        var customers = Enumerable.Range(0, world.Customers).ToLookup(i => CustomerBucket.Of(DemoCustomer.IdOf(i), lake.Buckets));
        var guests = Enumerable.Range(0, world.Guests).ToLookup(i => CustomerBucket.Of(DemoRows.GuestOf(i), lake.Buckets));
        return
        [
            .. Enumerable.Range(0, lake.Buckets).SelectMany(b => customers[b].Chunk(ChunkSize).DefaultIfEmpty([]).Select((part, p) =>
                new Chunk(string.Create(CultureInfo.InvariantCulture, $"b{b:D3}p{p:D3}"), part, p == 0 ? [.. guests[b]] : []))),
        ];
    }

    private sealed record Chunk(string Name, IReadOnlyList<int> Customers, IReadOnlyList<int> Guests);
}
