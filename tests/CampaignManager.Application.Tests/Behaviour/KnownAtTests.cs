using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.ShopData.Writing;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>What a model may learn of a customer is what the shop had said when the customer was assigned.</summary>
public sealed class KnownAtTests : IDisposable
{
    private static readonly DateTime Assigned = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The shop's first import: what happened before it was said long after.</summary>
    private static readonly DateTime First = Assigned.AddDays(-30);

    private readonly AShop shop = new();

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task Training_OrderOfBeforeSaidAfterAssignment_IsLeftOutAndCounted()
    {
        await SellAsync();
        var before = await RowAsync();
        await WriteAsync(Assigned.AddDays(2), AWriter.Order("late", "A", Assigned.AddDays(-3), 50_000));

        Assert.Equal(before, await RowAsync());
        // The order and its line.
        Assert.Equal(2, (await ManifestAsync()).Read!.KnownLater);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Training_OrderCorrectedAfterAssignment_IsReadAsItWasThen(bool cancelled)
    {
        await SellAsync();
        var before = await RowAsync();
        var corrected = AWriter.Order("O2", "A", Assigned.AddDays(-5), 90_000, 3, "S2");
        await WriteAsync(Assigned.AddDays(2), cancelled ? corrected with { Status = OrderStatus.Cancelled } : corrected);

        Assert.Equal(before, await RowAsync());
    }

    [Fact]
    public async Task Training_OrderCorrectedBeforeAssignment_IsReadAsCorrected()
    {
        await SellAsync();
        await WriteAsync(Assigned.AddDays(-1), AWriter.Order("O2", "A", Assigned.AddDays(-5), 90_000));

        Assert.Equal((2.0, 1_000.0), await OrdersAndMoneyAsync());
    }

    [Fact]
    public async Task Training_CorrectionIntoAnotherQuarterAfterAssignment_CountsOnceAndAsItWas()
    {
        await SellAsync();
        var before = await RowAsync();
        // Also of an order that is older than the first import.
        await WriteAsync(
            Assigned.AddDays(2), AWriter.Order("O2", "A", Assigned.AddDays(-99), 90_000), AWriter.Order("O1", "A", Assigned.AddDays(-98), 70_000));

        Assert.Equal(before, await RowAsync());
    }

    [Fact]
    public async Task Training_HistoryOlderThanTheFirstImport_IsReadByWhenItHappened()
    {
        await SellAsync(first: Assigned.AddDays(10), second: Assigned.AddDays(10));

        // All was said after the assignment, and nothing of it is lost.
        Assert.Equal((2.0, 300.0), await OrdersAndMoneyAsync());
        var read = (await ManifestAsync()).Read!;
        Assert.Equal((0L, 5L), (read.KnownLater, read.Backfilled));
    }

    [Fact]
    public async Task Training_OlderHistoryBroughtAfterAssignment_IsBackfilled()
    {
        await SellAsync();
        await WriteAsync(Assigned.AddDays(5), AWriter.Order("O0", "A", Assigned.AddDays(-500), 40_000));

        Assert.Equal((3.0, 700.0), await OrdersAndMoneyAsync());
    }

    /// <summary>One order before the first import, one after it; a view; and the campaign whose window has closed.</summary>
    private async Task SellAsync(DateTime? first = null, DateTime? second = null)
    {
        var goods = new ProductRow("S1", 0) { Category = "shoes", PriceMinor = 10_000 };
        await WriteAsync(first ?? First, goods, goods with { Sku = "S2", Category = "kitchen" }, AWriter.Order("O1", "A", Assigned.AddDays(-100), 10_000));
        await WriteAsync(second ?? Assigned.AddDays(-4), AWriter.Order("O2", "A", Assigned.AddDays(-5), 20_000), AWriter.View("E1", "A", Assigned.AddDays(-6)));
        var campaign = await shop.CampaignAsync(new CampaignRules
        {
            Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
            Experiment = new ExperimentPlan { HoldoutPercent = 20, AttributionDays = 7 },
        });
        shop.A.Put(LakeTable.Exposures, $"('{campaign}', 'A', TIMESTAMP '2026-06-01', 1, 0.8::DOUBLE)");
    }

    private async Task<string> RowAsync()
    {
        await shop.ComputeAsync(Assigned.AddDays(60), FeatureScope.Training);
        return string.Join('|', Assert.Single(shop.Rows($"{TrainingTable.Folder}/table.parquet", "customer_id")).Where(c => c.Key[0] is 'x' or 'c').Select(c => $"{c.Key}={c.Value}"));
    }

    private async Task<(double, double)> OrdersAndMoneyAsync()
    {
        await shop.ComputeAsync(Assigned.AddDays(60), FeatureScope.Training);
        var row = Assert.Single(shop.Rows($"{TrainingTable.Folder}/table.parquet", "customer_id"));
        return ((double)row["x_orders"]!, (double)row["x_monetary"]!);
    }

    private async Task<UpliftTableManifest> ManifestAsync() =>
        UpliftTableManifest.Parse(await File.ReadAllTextAsync(shop.Lake.PathTo($"{TrainingTable.Folder}/manifest.json"), TestContext.Current.CancellationToken));

    private async Task WriteAsync(DateTime knownAt, params ReadRow[] rows) =>
        await new ShopWriter(shop.Lake, TimeProvider.System).WriteAsync(
            new ImportSource(Guid.NewGuid(), "shop", knownAt), rows, new AWriter.Heard(), null, TestContext.Current.CancellationToken);
}
