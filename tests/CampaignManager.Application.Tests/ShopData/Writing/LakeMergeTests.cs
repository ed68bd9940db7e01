using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.ShopData.Writing;

public class LakeMergeTests
{
    private static readonly DateTime At = Start.AddDays(-5);

    [Fact]
    public async Task Merge_TwoIds_RowsAreTheSurvivorsInItsBucketUntilUndone()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), Start, Order("O1", "mail", At.AddDays(-50)), Order("O2", "C1", At), View("E1", "mail", At), new CustomerRow("mail", 0) { Region = "north", Device = "ios" },
            new CustomerRow("C1", 0) { Region = "south" });
        var apart = All(a);
        var merge = Guid.NewGuid();

        await a.Writer.MergeAsync(new ImportSource(merge, "shop", Start.AddDays(1)), "C1", ["mail"], TestContext.Current.CancellationToken);

        var own = CustomerBucket.Of("C1", 4);
        Assert.Equal([$"O1|C1|{own}", $"O2|C1|{own}"], a.Rows(LakeTable.Orders, "order_id, customer_id, bucket"));
        Assert.Equal([$"E1|C1|{own}"], a.Rows(LakeTable.Events, "event_id, customer_id, bucket"));
        Assert.Equal(["C1|south|ios|2025-11-16 12:00:00"], a.Rows(LakeTable.Customers, "customer_id, region, device, joined_at"));
        // Before it was known they were two.
        Assert.Equal(["O1|mail", "O2|C1"], a.Rows(LakeTable.Orders, "order_id, customer_id", Start));
        // A file that comes again is known again, under its own ids.
        Assert.Equal(0, (await a.WriteAsync(Guid.NewGuid(), Start.AddDays(2), Order("O1", "mail", At.AddDays(-50)))).Written);

        await a.Writer.UndoAsync(merge, TestContext.Current.CancellationToken);
        Assert.Equal(apart, All(a));
    }

    [Fact]
    public async Task Write_IdentifyAndOtherIds_JoinTheBrowserAndTheMail()
    {
        using var a = new AWriter();
        await a.WriteAsync(Guid.NewGuid(), Start, new EventRow("E1", "view", At, 0) { AnonymousId = "browser", Sku = "S1" }, Order("O1", "mail", At));
        Assert.Equal(["E1|browser"], a.Rows(LakeTable.Events, "event_id, customer_id, anonymous_id"));

        await a.WriteAsync(Guid.NewGuid(), Start, new EventRow("E2", "identify", At, 0) { AnonymousId = "browser", CustomerId = "mail" }, new CustomerRow("C1", 0) { OtherIds = ["mail"] },
            // Neither may lead back to the other.
            new CustomerRow("mail", 1) { OtherIds = ["C1"] });

        Assert.Equal(["E1|C1", "E2|C1"], a.Rows(LakeTable.Events, "event_id, customer_id"));
        Assert.Equal(["C1|O1"], a.Rows(LakeTable.Orders, "customer_id, order_id"));
        Assert.Equal(["C1"], a.Rows(LakeTable.Customers, "customer_id"));

        // All of a person goes, under whatever id it came.
        await a.Writer.EraseAsync("C1", TestContext.Current.CancellationToken);
        Assert.All((LakeTable[])[LakeTable.Events, LakeTable.Orders, LakeTable.OrderLines, LakeTable.Customers, LakeTable.Aliases], t => Assert.Empty(a.Rows(t, "*")));
        var refused = await a.WriteAsync(Guid.NewGuid(), Start, Order("O1", "mail", At), Order("O2", "mail", DateTime.UnixEpoch.AddYears(200)));
        Assert.Equal((1, 1), (refused["erased"], refused["written:orders"]));
    }

    private static List<string> All(AWriter a) =>
        [.. a.Rows(LakeTable.Orders, "order_id, customer_id, bucket"), .. a.Rows(LakeTable.Events, "event_id, customer_id, bucket"), .. a.Rows(LakeTable.Customers, "customer_id, region, device, joined_at")];
}
