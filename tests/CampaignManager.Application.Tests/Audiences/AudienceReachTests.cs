using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Audiences;

public sealed class AudienceReachTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Customers_BeforeAnyFeatures_IsNotKnown()
    {
        using var lake = new ALake();
        using var reach = new AudienceReach(lake.Lake);
        Assert.False((await reach.CustomersAsync(Cancel)).IsKnown);
        Assert.Null(await reach.HistoryAsync(new Audience(), 14, Cancel));
    }

    [Fact]
    public void Size_AnyAudience_CountsEachCustomerOnce()
    {
        var cells = new CustomerCells(
        [
            new("new", "favourite:shoes", "east", "app", false, 10), new("new", null, "west", "web", true, 5),
            new("loyal", "favourite:shoes", "east", "app", true, 3), new("lapsed", "favourite:tea", "east", null, true, 100),
        ]);
        Assert.Equal(118, cells.Size(new Audience()));
        // Two of them are in both segments: a sum of segments would count them twice.
        Assert.Equal(18, cells.Size(new Audience { AnyOf = ["new", "favourite:shoes"] }));
        Assert.Equal(5, cells.Size(new Audience { AnyOf = ["new"], NoneOf = ["favourite:shoes"] }));
        Assert.Equal(10, cells.Size(new Audience { CustomerKinds = ["new"] }));
        Assert.Equal(13, cells.Size(new Audience { Channels = ["app"], Regions = ["east"] }));
        Assert.Equal(10, cells.Shared(new Audience { AnyOf = ["new"] }, new Audience { AnyOf = ["favourite:shoes"] }));
        Assert.Equal(["app", "web"], cells.Channels);
        Assert.Equal(["east", "west"], cells.Regions);
    }

    [Fact]
    public async Task History_OrdersInTheWindow_CountByWhereCustomersStoodBeforeIt()
    {
        using var lake = new ALake();
        lake.Put(LakeTable.Customers, string.Join(", ",
            "('A',TIMESTAMP '2024-01-01','east','app','phone')", "('B',TIMESTAMP '2024-01-01','east','app','phone')", "('C',TIMESTAMP '2026-05-20','west','web','phone')",
            "('D',TIMESTAMP '2026-06-25','west','web','phone')"));
        // A ordered in May and in the window; B in May only; C, who joined in May, in the window only; D joined within the window.
        lake.Put(LakeTable.Orders, string.Join(", ",
            Order("1", "A", "2026-05-01"), Order("2", "A", "2026-06-28"), Order("3", "B", "2026-05-01"), Order("4", "C", "2026-06-20"), Order("5", "D", "2026-07-01")));
        using var reach = new AudienceReach(lake.Lake);
        var all = (await reach.HistoryAsync(new Audience(), 14, Cancel))!;
        Assert.Equal((3, 2, new DateTime(2026, 6, 17, 0, 0, 0, DateTimeKind.Utc)), (all.Customers, all.Converted, all.From));
        // C was new and had never ordered then, whatever the window made of it.
        Assert.Equal((1, 1), Counts(await reach.HistoryAsync(new Audience { AnyOf = ["new"], CustomerKinds = ["new"] }, 14, Cancel)));
        Assert.Equal((2, 1), Counts(await reach.HistoryAsync(new Audience { AnyOf = ["active"] }, 14, Cancel)));
        Assert.Equal((0, 0), Counts(await reach.HistoryAsync(new Audience { AnyOf = ["lapsed"] }, 14, Cancel)));
        Assert.Null((await reach.HistoryAsync(new Audience { AnyOf = ["lapsed"] }, 14, Cancel))!.Rate);

        // New files are seen.
        lake.Put(LakeTable.Orders, Order("6", "B", "2026-06-29"), "more");
        Assert.Equal((2, 2), Counts(await reach.HistoryAsync(new Audience { AnyOf = ["active"] }, 14, Cancel)));
    }

    private static (long, long) Counts(ConversionHistory? history) => (history!.Customers, history.Converted);

    private static string Order(string id, string customer, string day) => $"('{id}','{customer}',TIMESTAMP '{day}','app',1000,0,0,1000,NULL,0)";
}
