using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.ShopData.Writing;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>Day after day from what was kept, features are what adding up all of history would give: value by value.</summary>
public sealed class FeaturesByDayTests : IDisposable
{
    private const int People = 40;

    private static readonly DateTime Start = new(2026, 3, 20, 0, 0, 0, DateTimeKind.Utc);

    private readonly AShop shop = new(buckets: 2);
    private readonly List<Guid> imports = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ShopWriter Writer => new(shop.Lake, TimeProvider.System, new ErasureKey(new byte[32]));

    private string Sums => shop.Lake.PathTo(FeatureState.Home);

    public void Dispose() => shop.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Days_LateRowsCorrectionsUndoMergesAndErasure_GiveWhatTheWholeGives(int seed)
    {
        var random = new Random(seed);
        await GoodsAsync();
        await WriteAsync(Start, "shop", [.. Enumerable.Range(0, 120).Select(i => Order(random, "O" + i, Start.AddDays(-random.Next(1, 420))))]);
        await WriteAsync(Start, "web", [.. Enumerable.Range(0, 150).Select(i => Event(random, "E" + i, Start.AddDays(-random.NextDouble() * 120)))]);
        await ComputeAsync(Start);
        var (day, fromKept) = (Start, 0);
        for (var i = 0; i < 6; i++)
        {
            day = day.AddHours(random.Next(6, 60));
            await ChangeAsync(random, i, day);

            fromKept += StateOf(day).From(shop.Lake) is null ? 0 : 1;
            var byDay = await ComputeAsync(day);
            // Aside, so that the next day goes on from the days and not from the whole.
            var aside = Sums + "-aside";
            Directory.Move(Sums, aside);
            var whole = await ComputeAsync(day);
            Directory.Delete(Sums, recursive: true);
            Directory.Move(aside, Sums);

            Assert.Equal(whole, byDay);
        }

        // All but the days of an undo and of an erasure.
        Assert.Equal(4, fromKept);
    }

    [Fact]
    public async Task Day_NothingOlderWasSaid_ReadsNoHistory()
    {
        var random = new Random(7);
        await GoodsAsync();
        await WriteAsync(Start, "shop", [.. Enumerable.Range(0, 40).Select(i => Order(random, "O" + i, Start.AddDays(-random.Next(1, 300))))]);
        await ComputeAsync(Start);
        await WriteAsync(Start.AddDays(1), "shop", [Order(random, "N1", Start.AddHours(5)), Order(random, "N2", Start.AddHours(7))]);

        using var connection = shop.Lake.Open();
        var since = StateOf(Start.AddDays(1)).From(shop.Lake)!;
        Assert.Equal(Start, since.AsOf);
        // Nobody is added up anew but who is new.
        var sums = new FeatureSums(shop.Lake, ShopCategories.Read(shop.Lake, connection), new());
        for (var bucket = 0; bucket < 2; bucket++)
        {
            var old = shop.Lake.SourceOf(FeatureState.FileOf(since.Folder, bucket));
            connection.Run($"CREATE OR REPLACE TEMP TABLE subjects AS SELECT row_number() OVER () AS k, customer_id, {DataLake.Moment(Start.AddDays(1))} AS moment, '' AS grp FROM {old}");
            foreach (var step in sums.Stale(bucket, since, old))
                connection.Run(step);
            Assert.Equal(0, connection.Scalar<int>("SELECT count(*) FROM stale"));
        }
    }

    private async Task ChangeAsync(Random random, int i, DateTime day)
    {
        List<ReadRow> orders = [.. Enumerable.Range(0, random.Next(1, 6)).Select(n => Order(random, $"D{i}-{n}", day.AddHours(-random.Next(1, 20))))];
        List<ReadRow> events = [.. Enumerable.Range(0, random.Next(1, 12)).Select(n => Event(random, $"V{i}-{n}", day.AddHours(-random.Next(1, 20))))];
        // Late ones, corrected ones with another customer or day, cancelled ones.
        orders.Add(Order(random, $"L{i}", day.AddDays(-random.Next(3, 200))));
        orders.Add(Order(random, "O" + random.Next(60), Start.AddDays(-random.Next(1, 420))) with { Status = random.Next(3) == 0 ? OrderStatus.Cancelled : OrderStatus.Counted });
        events.Add(Event(random, $"W{i}", day.AddDays(-random.Next(3, 100))));
        await WriteAsync(day, "shop", orders);
        await WriteAsync(day, "web", events);
        switch (i % 5)
        {
            case 1:
                // Of the day before: what was kept rests on it.
                Assert.True(await Writer.UndoAsync(imports[^3], Cancel));
                break;
            case 2:
                var source = new ImportSource(Guid.NewGuid(), "web", day);
                await Writer.MergeAsync(source, "C0", ["C" + random.Next(1, 4)], Cancel);
                break;
            case 3:
                await new LakeCompaction(shop.Lake, TimeProvider.System).RunAsync(Cancel);
                break;
            case 4:
                await Writer.EraseAsync("C" + random.Next(4, People), Cancel);
                break;
        }
    }

    private async Task GoodsAsync() => await WriteAsync(Start, "shop",
        [new ProductRow("S1", 0) { Category = "shoes", PriceMinor = 10_000 }, new ProductRow("S2", 0) { Category = "kitchen", PriceMinor = 5_000 }, new ProductRow("S3", 0) { Category = "shoes", PriceMinor = 700 }]);

    private static OrderRow Order(Random random, string id, DateTime at) =>
        AWriter.Order(id, "C" + random.Next(People), at.AddMinutes(random.Next(600)), random.Next(100, 30_000), random.Next(1, 4), "S" + random.Next(1, 4));

    private static EventRow Event(Random random, string id, DateTime at)
    {
        var known = random.Next(5) > 0;
        return new EventRow(id, new[] { "view", "view", "cart", "review", "purchase" }[random.Next(5)], at.AddSeconds(random.Next(4_000)), 0)
        {
            CustomerId = known ? "C" + random.Next(People) : null,
            AnonymousId = known ? null : "b" + random.Next(3),
            Sku = "S" + random.Next(1, 4),
            OrderId = random.Next(2) == 0 ? "O" + random.Next(60) : null,
        };
    }

    [Fact]
    public async Task Day_ImportThatGrewByAnOlderRow_AddsItsCustomerUpAnew()
    {
        var (day, views) = (Start.AddDays(1), Guid.NewGuid());
        async Task GrowAsync(string id, DateTime at) => await Writer.WriteAsync(
            new ImportSource(views, "api", day) { Batch = Guid.NewGuid() }, [AWriter.View(id, "C1", at)], new AWriter.Heard(), null, Cancel);
        await GoodsAsync();
        await GrowAsync("E1", Start.AddDays(-3));
        await ComputeAsync(Start);
        await GrowAsync("E2", Start.AddDays(-2));

        Assert.Single(StateOf(day).From(shop.Lake)!.Grown);
        Assert.Contains("|x_views=2|", Assert.Single(await ComputeAsync(day)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compute_ProductsComeInMeanwhile_SpeaksOfTheCategoriesItBeganWith()
    {
        await WriteAsync(Start, "shop", [.. Enumerable.Range(0, 20).Select(i => Order(new Random(i), "O" + i, Start.AddDays(-5)))]);
        var came = 0;
        var before = await ComputeAsync(Start, _ => Interlocked.Exchange(ref came, 1) == 0 ? GoodsAsync() : Task.CompletedTask);
        Assert.Equal(1, came);
        Assert.DoesNotContain("x_affinity_", before[0], StringComparison.Ordinal);

        Assert.Contains("x_affinity_", (await ComputeAsync(Start.AddHours(1)))[0], StringComparison.Ordinal);
    }

    private FeatureState StateOf(DateTime asOf)
    {
        using var connection = shop.Lake.Open();
        return FeatureState.Now(shop.Lake, connection, new(), ShopCategories.Read(shop.Lake, connection), asOf);
    }

    private async Task<List<string>> ComputeAsync(DateTime asOf, Func<double, Task>? report = null)
    {
        var features = new CustomerFeatures(shop.Lake, AShop.PartsOf(shop.Lake, shop.Database), new FeatureSummaries(shop.Lake));
        await features.ComputeAsync(asOf, new(), report ?? (_ => Task.CompletedTask), null, Cancel);
        return [.. shop.Rows(CustomerFeatures.CurrentFile, "customer_id").Select(r => string.Join('|', r.Select(c => $"{c.Key}={c.Value:R}")))];
    }

    private async Task WriteAsync(DateTime knownAt, string source, IEnumerable<ReadRow> rows)
    {
        imports.Add(Guid.NewGuid());
        await Writer.WriteAsync(new ImportSource(imports[^1], source, knownAt), rows, new AWriter.Heard(), null, Cancel);
    }
}
