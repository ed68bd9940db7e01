using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.ShopData.Writing;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>Features of a shop that brought its own files.</summary>
public sealed class ImportedFeatureTests : IDisposable
{
    private static readonly DateTime Moment = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly AShop shop = new();

    private static ReadRow[] Orders =>
    [
        AWriter.Order("O1", "A", Moment.AddDays(-400), 10_000), AWriter.Order("O2", "A", Moment.AddDays(-20), 20_000, 2), AWriter.Order("O3", "B", Moment.AddDays(-5), 5_000, sku: "S2"),
        AWriter.Order("O4", "A", Moment.AddDays(-4), 7_000) with { Status = OrderStatus.Cancelled }, AWriter.Order("O5", "B", Moment.AddDays(-3), 9_000) with { Status = OrderStatus.Unpaid },
        AWriter.Order("O6", null, Moment.AddDays(-2), 3_000),
        new ProductRow("S1", 0) { Category = "shoes", NameEn = "Boots", PriceMinor = 10_000 }, new ProductRow("S2", 0) { Category = "kitchen", NameEn = "Pan", PriceMinor = 5_000 },
    ];

    public void Dispose() => shop.Dispose();

    [Fact]
    public async Task Current_OrdersOnly_CountsPurchasesAndKnowsNothingOfViews()
    {
        await WriteAsync(Orders);
        var rows = await FeaturesAsync();

        // A guest is no customer.
        Assert.Equal(["A", "B"], rows.Keys);
        Assert.Equal((2.0, 1.0, 500.0), ((double)rows["A"]["x_orders"]!, (double)rows["A"]["x_orders_90"]!, (double)rows["A"]["x_monetary"]!));
        Assert.Equal((1.0, "kitchen", "shoes"), ((double)rows["B"]["x_orders"]!, (string)rows["B"]["c_favourite"]!, (string)rows["A"]["c_favourite"]!));
        Assert.All(["x_views_7", "x_views_90", "x_views", "x_carts_30", "x_reviews_7"], name => Assert.Null(rows["A"][name]));
    }

    [Fact]
    public async Task Current_EmptyEventSource_IsAsWithoutOne()
    {
        await WriteAsync(Orders);
        var without = await FeaturesAsync();
        await WriteAsync([], "events");

        Assert.Equal(without.Values.Select(Text), (await FeaturesAsync()).Values.Select(Text));
    }

    [Fact]
    public async Task Current_ViewsCountedForAMonth_KnowsTheWeekAndNotTheQuarter()
    {
        await WriteAsync(Orders);
        await WriteAsync([.. Enumerable.Range(1, 30).Select(d => AWriter.View("E" + d, "A", Moment.AddDays(-d)))], "web");

        var rows = await FeaturesAsync();

        Assert.Equal((7.0, 0.0), ((double)rows["A"]["x_views_7"]!, (double)rows["B"]["x_views_7"]!));
        Assert.Null(rows["A"]["x_views_90"]);
        Assert.Null(rows["A"]["x_carts_7"]);
        Assert.Equal(30.0, rows["A"]["x_views"]);
    }

    [Fact]
    public async Task Current_PurchaseEventsBesideOrders_CountOnce()
    {
        await WriteAsync(Orders);
        var without = await FeaturesAsync();
        await WriteAsync(
            [
                new EventRow("P1", "purchase", Moment.AddDays(-20), 0) { CustomerId = "A", Sku = "S1", OrderId = "O2" },
                new EventRow("P2", "purchase", Moment.AddDays(-5), 0) { CustomerId = "B", Sku = "S1", OrderId = "another-number" },
            ],
            "web");

        var rows = await FeaturesAsync();

        foreach (var name in new[] { "x_affinity_shoes", "x_affinity_kitchen", "x_weekend_share", "c_favourite", "x_price_band" })
            Assert.Equal(without.Values.Select(r => r[name]), rows.Values.Select(r => r[name]));
    }

    [Fact]
    public async Task Current_OrderToldByAPageAndTheServer_CountsOnce()
    {
        await WriteAsync([.. Orders.OfType<ProductRow>(), Bought("1", "S1", "O9"), Bought("2", "S2", "O9"), Bought("3", "S2", "O10")], "plain", Guid.NewGuid());
        var server = await FeaturesAsync();
        await WriteAsync([Bought("page:a", "S1", "O9"), Bought("page:b", "S2", "O9")], "plain", Guid.NewGuid());

        var both = await FeaturesAsync();

        Assert.NotNull(server["A"]["x_affinity_shoes"]);
        Assert.Equal(server["A"]["x_affinity_shoes"], both["A"]["x_affinity_shoes"]);
        await WriteAsync([Bought("page:c", "S1", "O11")], "plain", Guid.NewGuid());
        Assert.NotEqual(server["A"]["x_affinity_shoes"], (await FeaturesAsync())["A"]["x_affinity_shoes"]);

        static EventRow Bought(string id, string sku, string order) =>
            new(id, "purchase", Moment.AddDays(-9), 0) { CustomerId = "A", Sku = sku, OrderId = order, ReceivedAt = Moment };
    }

    private async Task WriteAsync(IEnumerable<ReadRow> rows, string source = "shop", Guid? batch = null) =>
        await new ShopWriter(shop.Lake, TimeProvider.System).WriteAsync(
            new ImportSource(Guid.NewGuid(), source, Moment) { Batch = batch }, rows, new AWriter.Heard(), null, TestContext.Current.CancellationToken);

    private async Task<Dictionary<string, Dictionary<string, object?>>> FeaturesAsync()
    {
        await shop.ComputeAsync(Moment, FeatureScope.Current);
        return shop.Rows(CustomerFeatures.CurrentFile, "customer_id").ToDictionary(r => (string)r["customer_id"]!, r => new Dictionary<string, object?>(r));
    }

    private static string Text(Dictionary<string, object?> row) => string.Join('|', row.Select(c => $"{c.Key}={c.Value}"));
}
