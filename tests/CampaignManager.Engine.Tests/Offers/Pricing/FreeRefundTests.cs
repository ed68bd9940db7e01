using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>What is paid back beside goods: shipping, and amounts without goods. All of it together is what was paid, never more.</summary>
public sealed class FreeRefundTests
{
    // 30.00 of goods less 10 %, 7.00 of shipping of which 2.00 were off.
    private static readonly LiveCampaign[] Campaigns = [Campaign("ten", Percent(10)), Campaign("ship", new FreeShipping { Cap = 2 })];
    private static readonly Cart ThreeTens = Cart(Line("a", 10_00, 3)) with { Shipping = 7_00 };

    private static ConfirmedOrder Order => new(ThreeTens, ThreeTens.Quote(Campaigns), Campaigns);

    [Fact]
    public void Of_GoodsAndShipping_PaysBackAllThatWasPaid()
    {
        var all = Refunds.Of(Order, new RefundRequest([new ReturnedLine("a", 3)], Shipping: 5_00), out _)!;
        Assert.Equal((32_00, 5_00, true), (all.Amount, all.Shipping, all.Everything));
        Assert.Equal(Order.Quote.Total, all.Amount);
    }

    [Fact]
    public void Of_ShippingOnly_LeavesTheGoodsWithTheCustomer()
    {
        var some = Refunds.Of(Order, new RefundRequest([], Shipping: 3_00), out _)!;
        Assert.Equal((3_00, false, 0), (some.Amount, some.Everything, some.Lines.Count));
        Refused("shipping", Order with { ShippingRefunded = 3_00 }, new RefundRequest([], Shipping: 2_01));
        Assert.Equal(2_00, Refunds.Of(Order with { ShippingRefunded = 3_00 }, new RefundRequest([], Shipping: 2_00), out _)!.Amount);
    }

    [Theory]
    [InlineData(ReturnPolicy.Keep)]
    [InlineData(ReturnPolicy.Clawback)]
    public void Of_AnAmountBefore_LowersWhatLaterReturnsMayPay(ReturnPolicy policy)
    {
        var order = Order with { Campaigns = [.. Campaigns.Select(c => c with { Rules = c.Rules with { ReturnPolicy = policy } })] };
        var given = Refunds.Of(order, new RefundRequest([], Amount: 12_00), out _)!;
        Assert.Equal((12_00, 12_00, false), (given.Amount, given.Free, given.Everything));
        order = order with { Refunded = 12_00 };
        var paid = 0L;
        for (var unit = 0; unit < 3; unit++)
        {
            var back = Refunds.Of(order, [new ReturnedLine("a", 1)], out _)!;
            paid += back.Amount;
            Assert.Equal(back.Amount, back.Lines.Sum(l => l.Amount));
            order = order with { Refunded = order.Refunded + back.Amount, Returned = new Dictionary<string, int> { ["a"] = unit + 1 } };
        }

        Assert.Equal((27_00 - 12_00, 27_00), (paid, order.Refunded));
    }

    [Fact]
    public void Of_LinesAndAnAmountAtOnce_PaysTheLinesFirst()
    {
        var both = Refunds.Of(Order, new RefundRequest([new ReturnedLine("a", 2)], Amount: 9_00), out _)!;
        Assert.Equal((27_00, 18_00, 9_00, false), (both.Amount, both.Lines.Sum(l => l.Amount), both.Free, both.Everything));
        Refused("amount", Order, new RefundRequest([new ReturnedLine("a", 2)], Amount: 9_01));
    }

    [Fact]
    public void Of_NothingOrTooMuch_IsRefusedByItsPath()
    {
        Refused("lines", Order, new RefundRequest([]));
        Refused("amount", Order, new RefundRequest([], Amount: 0));
        Refused("amount", Order, new RefundRequest([], Amount: -1));
        Refused("amount", Order, new RefundRequest([], Amount: 27_01));
        Refused("shipping", Order, new RefundRequest([], Shipping: 0));
        Refused("shipping", Order, new RefundRequest([], Shipping: 5_01));
    }

    private static void Refused(string path, ConfirmedOrder order, RefundRequest request)
    {
        Assert.Null(Refunds.Of(order, request, out var errors));
        Assert.Equal(path, Assert.Single(errors).Path);
    }
}
