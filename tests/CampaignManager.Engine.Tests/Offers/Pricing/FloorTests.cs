using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class FloorTests
{
    [Fact]
    public void Quote_FloorBlocks_OffersTheRestToTheOthers()
    {
        // 30 off over 100 / 100 / 100 would be 10 each; the first may give 4: 6 more over the others.
        var quote = Cart(Line("a", 100_00, min: 96_00), Line("b", 100_00), Line("c", 100_00)).Quote(Campaign("c", Full(200, 30)));
        Assert.Equal([4_00, 13_00, 13_00], quote.Off());
    }

    [Fact]
    public void Quote_FloorsInChain_OfferUntilNothingMoves()
    {
        var quote = Cart(Line("a", 100_00, min: 100_00), Line("b", 100_00, min: 88_00), Line("c", 100_00)).Quote(Campaign("c", Full(200, 30)));
        Assert.Equal([0, 12_00, 18_00], quote.Off());
        Assert.Equal((30_00, 30_00), (quote.Of("c").Amount, quote.Of("c").Desired));
    }

    [Fact]
    public void Quote_NobodyCanTakeIt_IsDropped()
    {
        var quote = Cart(Line("a", 100_00, min: 96_00), Line("b", 100_00, min: 99_00)).Quote(Campaign("c", Full(200, 30)));
        Assert.Equal([4_00, 1_00], quote.Off());
        Assert.Equal((5_00, 30_00), (quote.Of("c").Amount, quote.Of("c").Desired));
    }

    public static TheoryData<Offer> Mechanics =>
    [
        Full(1, 5), Percent(20), new QuantityDiscount { Tiers = [new(2, Off: 5)] }, new AmountOff { Amount = 5 }, new AmountOff { Amount = 5, Per = AmountPer.Unit },
        new FixedPrice { Price = 1 }, new BuyXGetY { Buy = new(1), Get = new(1) }, new Bundle { Items = [new(Quantity: 2)], Price = 1 },
    ];

    [Theory]
    [MemberData(nameof(Mechanics))]
    public void Quote_FloorsBlockEverything_IsNoEffect(Offer offer)
    {
        var quote = Cart(Line("a", 10_00, 2, min: 10_00), Line("b", 10_00, min: 12_00)).Quote(Campaign("c", offer));
        Assert.Equal((0, ReasonCode.NoEffect, true), (quote.DiscountTotal, quote.Why("c"), quote.Of("c").Desired > 0));
    }

    [Fact]
    public void Quote_UnitMechanicAtAFloor_DoesNotOfferTheRest()
    {
        var quote = Cart(Line("a", 10_00, 2, min: 9_00), Line("b", 10_00)).Quote(Campaign("c", new AmountOff { Amount = 3, Per = AmountPer.Unit }));
        Assert.Equal([2_00, 3_00], quote.Off());
        Assert.Equal([2_00, 0], quote.Lines[0].Discounts[0].UnitAmounts);
        Assert.Equal((5_00, 9_00), (quote.Of("c").Amount, quote.Of("c").Desired));
    }

    [Fact]
    public void Quote_FloorOfALine_CountsAllItsUnits()
    {
        // The free unit leaves the line at 20 of its 2 x 10: the floor of 2 x 8 has been kept by the line, not by the unit.
        var quote = Cart(Line("a", 10_00, 3, min: 6_00)).Quote(Campaign("c", new BuyXGetY { Buy = new(2), Get = new(1) }));
        Assert.Equal([0, 0, 10_00], quote.Lines[0].Discounts[0].UnitAmounts);
    }
}
