using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class CombiningTests
{
    private static readonly QuoteSettings ByPriority = new() { ConflictResolution = ConflictResolution.Priority };

    [Fact]
    public void Quote_Classes_GoItemThenOrderThenShipping()
    {
        var quote = (Basket(200_00) with { Shipping = 10_00 }).Quote(
            Campaign("ship", new FreeShipping { Spend = 150 }, priority: 99), Campaign("full", Full(200, 30), priority: 50), Campaign("flash", new FixedPrice { Price = 160 }, priority: -5));
        Assert.Equal(["flash", "full", "ship"], quote.Campaigns.Select(c => c.Id));
        // The flash price takes the threshold of 200 away.
        Assert.Equal((ReasonCode.BelowThreshold, 40_00), (quote.Why("full")!.Value, quote.Of("full").Reason!.Value.Missing));
        Assert.Equal((40_00, 10_00), (quote.DiscountTotal, quote.ShippingDiscount));
    }

    [Fact]
    public void Quote_ThresholdOnListPrices_IsNotTakenAway()
    {
        var quote = Basket(200_00).Quote(Campaign("full", Full(200, 30), thresholdBase: ThresholdBase.List), Campaign("flash", new FixedPrice { Price = 160 }));
        Assert.Equal(130_00, quote.Total);
    }

    [Theory]
    [InlineData(1, 2, 60_00)] // 100 less 20, then half of 80
    [InlineData(2, 1, 70_00)] // half of 100, then 20
    public void Quote_Priorities_SetTheOrder(int percent, int amount, long off) =>
        Assert.Equal(off, Basket(100_00).Quote(Campaign("p", Percent(50), percent), Campaign("a", new AmountOff { Amount = 20 }, amount)).DiscountTotal);

    [Fact]
    public void Quote_SamePriority_GoesById() =>
        Assert.Equal(["a", "b"], Basket(100_00).Quote(Campaign("b", Percent(50)), Campaign("a", Percent(10))).Campaigns.Select(c => c.Id));

    [Fact]
    public void Quote_AnotherClass_MovesTheCampaign() =>
        Assert.Equal(["late", "first"], Basket(100_00).Quote(Campaign("first", new FixedPrice { Price = 90 }, @class: OfferClass.Shipping), Campaign("late", Percent(50))).Campaigns.Select(c => c.Id));

    [Fact]
    public void Quote_Group_TheBestMemberAppliesAtTheTurnOfTheHighest()
    {
        var quote = Basket(100_00).Quote(Campaign("a", Percent(10), priority: 9, group: "g"), Campaign("b", Percent(30), priority: 1, group: "g"), Campaign("mid", new AmountOff { Amount = 50 }, priority: 5));
        // b takes a's turn, before mid: 30, then 50.
        Assert.Equal(20_00, quote.Total);
        var lost = quote.Of("a").Reason!.Value;
        Assert.Equal((ReasonCode.LostInGroup, "b", 20_00), (lost.Code, lost.CampaignId, lost.By));
    }

    [Theory]
    [InlineData(10, 5, "b")] // the larger gift
    [InlineData(5, 5, "a")] // then priority
    public void Quote_GroupTie_GoesToTheLargerGiftThenPriority(decimal second, decimal first, string winner)
    {
        var quote = Basket(100_00).Quote(
            Campaign("a", new Gift { Tiers = [new("CUP", Spend: 1, Value: first)] }, priority: 1, group: "g"), Campaign("b", new Gift { Tiers = [new("POT", Spend: 1, Value: second)] }, group: "g"));
        Assert.Equal(winner, quote.Lines[1].GiftOf);
    }

    [Fact]
    public void Quote_GroupMemberWithoutEffect_BlocksNobody()
    {
        var quote = Basket(100_00).Quote(
            Campaign("a", Full(500, 400), priority: 9, group: "g"),
            Campaign("b", Percent(90), priority: 5, group: "g", limits: new Limits { Budget = 1 }),
            Campaign("c", Percent(5), group: "g"));
        Assert.Equal((ReasonCode.BelowThreshold, ReasonCode.BudgetExhausted, true), (quote.Why("a"), quote.Why("b"), quote.Of("c").Applied));
    }

    [Theory]
    [InlineData(false, 70_00, "b")] // the best: 30 off, with a: 20 together
    [InlineData(true, 80_00, "e")] // by priority the exclusive one, though it is dearer
    public void Quote_Exclusive_ByEitherStrategy(bool priority, long total, string applied)
    {
        var quote = Basket(100_00).Quote(priority ? ByPriority : QuoteSettings.Default, Campaign("e", Percent(20), exclusive: true), Campaign("b", Percent(30)));
        Assert.Equal((total, true), (quote.Total, quote.Of(applied).Applied));
        Assert.Equal(1, quote.Campaigns.Count(c => c.Applied));
        var other = quote.Of(applied == "b" ? "e" : "b").Reason!.Value;
        Assert.Equal((ReasonCode.ExcludedBy, applied, priority ? 0 : 10_00), (other.Code, other.CampaignId, other.By));
    }

    [Fact]
    public void Quote_ExclusiveWins_ShutsOutShippingToo()
    {
        var quote = (Basket(100_00) with { Shipping = 10_00 }).Quote(Campaign("e", Percent(20), exclusive: true), Campaign("ship", new FreeShipping()));
        Assert.Equal((90_00, ReasonCode.ExcludedBy), (quote.Total, quote.Why("ship")));
    }

    [Fact]
    public void Quote_EqualTotals_NonExclusiveFirst()
    {
        var quote = Basket(100_00).Quote(Campaign("e", Percent(20), exclusive: true, priority: 9), Campaign("b", Percent(20)));
        Assert.True(quote.Of("b").Applied);
    }

    [Fact]
    public void Quote_ExclusiveWithoutEffect_BlocksNobody()
    {
        var quote = Basket(100_00).Quote(ByPriority, Campaign("e", Full(500, 100), exclusive: true, priority: 9), Campaign("b", Percent(20)));
        Assert.Equal((80_00, ReasonCode.BelowThreshold), (quote.Total, quote.Why("e")));
    }

    [Fact]
    public void Quote_ExclusivesAlone_HighestPriorityOrCheapest()
    {
        var (dear, cheap) = (Campaign("a", Percent(10), exclusive: true, priority: 9), Campaign("b", Percent(30), exclusive: true));
        Assert.Equal(90_00, Basket(100_00).Quote(ByPriority, dear, cheap).Total);
        var best = Basket(100_00).Quote(dear, cheap);
        Assert.Equal((70_00, 20_00), (best.Total, best.Of("a").Reason!.Value.By));
    }

    [Fact]
    public void Quote_ExclusiveGiftAgainstNothing_Applies() =>
        Assert.Equal("e", Basket(100_00).Quote(Campaign("e", new Gift { Tiers = [new("CUP", Spend: 1)] }, exclusive: true), Campaign("b", Full(500, 1))).Lines[1].GiftOf);
}
