using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Demo;

/// <summary>
/// Writes a world into the lake: customers bucket by bucket in chunks, several at once, all staged in one batch that appears as a whole.
/// A chunk's memory is bounded, so the size of the shop is not.
/// </summary>
internal sealed class DemoGenerator(DataLake lake)
{
    private const int ChunkSize = 20_000;
    private const string Prefix = "demo";

    /// <param name="world">What to write.</param>
    /// <param name="progress">Share of the customers done, 0..1; called from several threads, one at a time.</param>
    /// <param name="cancel">Stops and leaves nothing.</param>
    public async Task WriteAsync(DemoWorld world, Action<double> progress, CancellationToken cancel)
    {
        using var batch = lake.Begin(Prefix);
        foreach (var table in LakeTable.All)
            batch.Replace(table);
        WriteProducts(world, batch);

        var gate = new Lock();
        var done = 0;
        var parallel = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForEachAsync(Chunks(world.Customers), parallel, (chunk, token) =>
        {
            WriteChunk(world, batch, chunk, token);
            lock (gate)
            {
                done += chunk.Customers.Count;
                progress((double)done / world.Customers);
            }

            return ValueTask.CompletedTask;
        });
        batch.Commit();
    }

    private void WriteChunk(DemoWorld world, LakeBatch batch, Chunk chunk, CancellationToken cancel)
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

        rows.Stage(batch, chunk.Name);
    }

    private static void WriteProducts(DemoWorld world, LakeBatch batch)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        connection.Run(LakeTable.Products.CreateSql("products"));
        using (var rows = connection.CreateAppender("products"))
        {
            foreach (var p in world.Catalog.Products)
            {
                rows.CreateRow().AppendValue(p.Sku).AppendValue(p.NameEn).AppendValue(p.NameZh).AppendValue(world.Catalog.Keys[p.Category])
                    .AppendValue(p.Brand).AppendValue(p.Price).AppendValue(p.UnitCost).EndRow();
            }
        }

        batch.Add(connection, LakeTable.Products, "SELECT * FROM products", "0");
    }

    private List<Chunk> Chunks(int customers)
    {
        var buckets = Enumerable.Range(0, lake.Buckets).Select(_ => new List<int>()).ToArray();
        for (var index = 0; index < customers; index++)
            buckets[CustomerBucket.Of(DemoCustomer.IdOf(index), lake.Buckets)].Add(index);
        return [.. buckets.SelectMany((bucket, b) => bucket.Chunk(ChunkSize).Select((part, p) =>
            new Chunk(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"b{b:D3}p{p:D3}"), part)))];
    }

    private sealed record Chunk(string Name, IReadOnlyList<int> Customers);
}
