using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.ShopData.Writing;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Tests.Behaviour;

/// <summary>How features are spread, and one customer's row with what is behind it, over a shop that counted views for a month.</summary>
public sealed class FeatureRowsTests : IAsyncLifetime
{
    private static readonly DateTime Moment = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Actor Allowed = Actor.System;

    private readonly AShop shop = new();

    private FeatureSummaries Summaries => new(shop.Lake);

    private FeatureRows Rows => new(shop.Lake, Summaries);

    public async ValueTask InitializeAsync()
    {
        await WriteAsync(
            [
                new ProductRow("S1", 0) { Category = "shoes", PriceMinor = 10_000 }, new ProductRow("S2", 0) { Category = "kitchen", PriceMinor = 5_000 },
                AWriter.Order("O1", "A", Moment.AddDays(-400), 10_000), AWriter.Order("O2", "A", Moment.AddDays(-20), 20_000, 2),
                AWriter.Order("O3", "B", Moment.AddDays(-5), 5_000, sku: "S2"), AWriter.Order("later", "A", Moment.AddDays(1), 9_000),
            ], "shop");
        await WriteAsync([.. Enumerable.Range(1, 30).Select(d => AWriter.View("E" + d, "A", Moment.AddDays(-d)))], "web");
        await shop.ComputeAsync(Moment, FeatureScope.Current);
    }

    public ValueTask DisposeAsync()
    {
        shop.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Summary_OfTheShop_SaysWhoHasNoneAndWhetherAnybodyCounted()
    {
        var summary = Summaries.Read()!;
        FeatureSpread Of(string column) => summary.Features.Single(f => f.Column == column);

        Assert.Equal((Moment, 2L), (summary.AsOf, summary.Customers));
        // A counts 30 views, B none: both are known within the month, nobody is over the quarter.
        Assert.Equal((0L, default(FeatureBasis)), (Of("x_views_30").Missing, Of("x_views_30").Uncovered));
        Assert.Equal((2L, FeatureBasis.Views), (Of("x_views_90").Missing, Of("x_views_90").Uncovered));
        Assert.Equal((2L, FeatureBasis.Carts), (Of("x_carts_left").Missing, Of("x_carts_left").Uncovered));
        // One order is no spread of baskets, although orders are counted.
        Assert.Equal((1L, default(FeatureBasis)), (Of("x_basket_sd").Missing, Of("x_basket_sd").Uncovered));
        Assert.Equal([1, 1], Of("x_orders").Counts);
        Assert.Equal([1, 2, 3], Of("x_orders").Edges);
        Assert.Equal(["kitchen", "shoes"], Of("c_favourite").Words);
        Assert.All(summary.Features, f => Assert.Equal(summary.Customers, f.Missing + f.Counts.Sum()));
    }

    [Fact]
    public async Task FindAsync_OneFeature_HasTheEventsThatMadeIt()
    {
        var week = await FindAsync("x_views_7");
        var orders = await FindAsync("x_orders");
        var kitchen = await FindAsync("x_affinity_kitchen");

        Assert.Equal(7, week.Behind.Total);
        Assert.All(week.Behind.Items, e => Assert.True(e.Kind == DoneKind.View && e.At >= Moment.AddDays(-7)));
        Assert.Equal(7.0, week.Values.Single(v => v.Column == "x_views_7").Number);
        // What comes after the moment is not behind it.
        Assert.Equal(["O2", "O1"], orders.Behind.Items.Select(o => o.OrderId));
        Assert.Equal((40_000L, "shoes"), (orders.Behind.Items[0].NetMinor, orders.Behind.Items[0].Categories));
        Assert.Equal(0, kitchen.Behind.Total);
    }

    [Fact]
    public async Task FindAsync_WholeRow_IsPagedNewestFirst()
    {
        var page = await Rows.FindAsync("A", null, new PageRequest(2, 10), Allowed, TestContext.Current.CancellationToken);

        Assert.Equal((33, 10), (page.Value.Behind.Total, page.Value.Behind.Items.Count));
        Assert.Equal(Moment.AddDays(-11), page.Value.Behind.Items[0].At);
    }

    [Fact]
    public async Task FindAsync_WhoMayNotOrIsNobody_IsToldSo()
    {
        var marketer = Actor.Of("m", "M", Roles.Marketer);

        Assert.Equal(FailureKind.Forbidden, (await Rows.FindAsync("A", null, new PageRequest(), marketer, TestContext.Current.CancellationToken)).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, (await Rows.FindAsync("A' OR 1=1", null, new PageRequest(), Allowed, TestContext.Current.CancellationToken)).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, (await Rows.FindAsync("A", "x_nothing", new PageRequest(), Allowed, TestContext.Current.CancellationToken)).Failure!.Kind);
    }

    private async Task<FeatureRow> FindAsync(string column) =>
        (await Rows.FindAsync("A", column, new PageRequest(), Allowed, TestContext.Current.CancellationToken)).Value;

    private async Task WriteAsync(IEnumerable<ReadRow> rows, string source) =>
        await new ShopWriter(shop.Lake, TimeProvider.System).WriteAsync(
            new ImportSource(Guid.NewGuid(), source, Moment), rows, new AWriter.Heard(), null, TestContext.Current.CancellationToken);
}
