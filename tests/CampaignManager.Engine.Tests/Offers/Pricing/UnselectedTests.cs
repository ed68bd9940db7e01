using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>Lines that are not ticked are not bought.</summary>
public sealed class UnselectedTests
{
    private static readonly Cart Half = Cart(Line("ticked", 30_00, 2), Line("later", 70_00, 3, selected: false), Line("also", 5_00)) with { Shipping = 6_00 };

    [Fact]
    public void Quote_LineNotSelected_IsListedApartAndPartOfNoTotal()
    {
        var quote = Half.Quote(Campaign("c", Percent(10)));
        Assert.Equal(["ticked", "also"], quote.Lines.Select(l => l.Id));
        Assert.Equal([new UnselectedLine("later", "S-later", 3, 210_00)], quote.Unselected);
        Assert.Equal((65_00, 6_50, 64_50), (quote.GoodsTotal, quote.DiscountTotal, quote.Total));
    }

    [Fact]
    public void Quote_WithAndWithoutTheLine_IsTheSame()
    {
        LiveCampaign[] campaigns = [Campaign("a", Full(60, 10)), Campaign("b", new BuyXGetY { Buy = new(1), Get = new(1) }), Campaign("c", new FreeShipping())];
        var (with, without) = (Half.Quote(campaigns), (Half with { Lines = [.. Half.Lines.Where(l => l.Selected)] }).Quote(campaigns));
        Assert.Equal((without.Total, without.DiscountTotal, without.ShippingDiscount), (with.Total, with.DiscountTotal, with.ShippingDiscount));
        Assert.Equal(without.Off(), with.Off());
        Assert.Empty(without.Unselected);
    }

    [Fact]
    public void Quote_NothingSelected_CostsItsShippingOnly()
    {
        var quote = Cart(Line("a", 10_00, selected: false)).Quote(Campaign("c", Percent(10)));
        Assert.Equal((0, 0, 1), (quote.GoodsTotal, quote.Total, quote.Unselected.Count));
    }

    [Theory]
    [InlineData(ReturnPolicy.Keep)]
    [InlineData(ReturnPolicy.Clawback)]
    public void Refund_OfWhatWasNotBought_IsRefused_AndTheRestAddsUp(ReturnPolicy policy)
    {
        var campaign = Campaign("c", Full(60, 10));
        campaign = campaign with { Rules = campaign.Rules with { ReturnPolicy = policy } };
        var order = new ConfirmedOrder(Half, Half.Quote(campaign), [campaign]);
        Assert.Null(Refunds.Of(order, [new ReturnedLine("later", 1)], out var errors));
        Assert.Equal("line-unknown", Assert.Single(errors).Code);

        var all = Refunds.Of(order, [new ReturnedLine("ticked", 2), new ReturnedLine("also", 1)], out _)!;
        Assert.Equal((55_00, true), (all.Amount, all.Everything));
    }

    [Theory]
    [InlineData(ReturnPolicy.Keep)]
    [InlineData(ReturnPolicy.Clawback)]
    public void Refund_OfAnOrderThatWasChargedForIt_StillPaysItBack(ReturnPolicy policy)
    {
        // As an earlier release stored it: the line stands among the others, at its list price.
        var campaign = Campaign("c", Full(60, 10));
        campaign = campaign with { Rules = campaign.Rules with { ReturnPolicy = policy } };
        var now = Half.Quote(campaign);
        var later = new QuoteLine { Id = "later", Sku = "S-later", Quantity = 3, ListTotal = 210_00, Discount = 0, Discounts = [] };
        var then = now with { Lines = [now.Lines[0], later, now.Lines[1]], Unselected = [], GoodsTotal = now.GoodsTotal + 210_00 };
        var order = new ConfirmedOrder(Half, then, [campaign]);
        var some = Refunds.Of(order, [new ReturnedLine("later", 2)], out _)!;
        Assert.Equal(140_00, some.Amount);
        order = order with { Returned = new Dictionary<string, int> { ["later"] = 2 }, Refunded = some.Amount };
        var rest = Refunds.Of(order, [new ReturnedLine("later", 1), new ReturnedLine("ticked", 2), new ReturnedLine("also", 1)], out _)!;
        Assert.Equal((265_00 - 140_00, true), (rest.Amount, rest.Everything));
    }
}
