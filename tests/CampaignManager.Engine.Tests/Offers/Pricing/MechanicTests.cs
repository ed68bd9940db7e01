using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>By hand: what each mechanic takes off the lines of one cart.</summary>
public sealed class MechanicTests
{
    private static readonly FullReduction Tiered = new() { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] };

    public static TheoryData<string, Offer, long[], long[]> Tables => new()
    {
        { "below", Tiered, [199_99], [0] },
        { "inclusive", Tiered, [200_00], [30_00] },
        { "highest only", Tiered, [250_00, 150_00], [50_00, 30_00] },
        { "ties to the earlier line", Full(1, 1), [1_00, 1_00, 1_00], [34, 33, 33] },
        { "zero-price lines carry nothing", Full(1, 1), [0, 1_00, 0], [0, 1_00, 0] },
        { "one-cent lines", Full(0.01m, 0.02m), [1, 1, 1], [1, 1, 0] },
        { "more off than there is", Full(1, 30), [2_00, 3_00], [2_00, 3_00] },
        { "every", new FullReduction { Every = 100, Off = 10 }, [250_00, 100_00], [21_43, 8_57] },
        { "every, at most", new FullReduction { Every = 100, Off = 10, MaxTimes = 2 }, [300_00, 100_00], [15_00, 5_00] },
        { "percent rounds the discount", Percent(10.5m), [100_01], [10_50] },
        { "percent rounds half up", Percent(50), [1], [1] },
        { "percent of the whole sum, once", Percent(50), [1, 1, 1], [1, 1, 0] },
        { "percent, cap", Percent(50, null, 5), [10_00, 30_00], [1_25, 3_75] },
        { "percent from a spend", Percent(50, 40), [10_00, 29_99], [0, 0] },
        { "all free", Percent(100), [10_00, 29_99], [10_00, 29_99] },
        { "quantity, percent", new QuantityDiscount { Tiers = [new(2, Percent: 10), new(3, Percent: 20)] }, [10_00, 20_00, 30_00], [2_00, 4_00, 6_00] },
        { "quantity, off once per order", new QuantityDiscount { Tiers = [new(2, Off: 6)] }, [10_00, 20_00, 30_00], [1_00, 2_00, 3_00] },
        { "quantity, cap", new QuantityDiscount { Tiers = [new(2, Percent: 50)], Cap = 6 }, [10_00, 20_00], [2_00, 4_00] },
        { "quantity not reached", new QuantityDiscount { Tiers = [new(4, Percent: 50)] }, [10_00, 20_00, 30_00], [0, 0, 0] },
        { "amount per order", new AmountOff { Amount = 6 }, [10_00, 20_00], [2_00, 4_00] },
        { "amount per unit", new AmountOff { Amount = 6, Per = AmountPer.Unit }, [10_00, 4_00, 0], [6_00, 4_00, 0] },
        { "fixed price, never up", new FixedPrice { Price = 9.90m }, [19_90, 9_90, 5_00], [10_00, 0, 0] },
        { "buy two get one free: the cheapest", new BuyXGetY { Buy = new(2), Get = new(1) }, [30_00, 10_00, 20_00], [0, 10_00, 0] },
        { "two sets", new BuyXGetY { Buy = new(2), Get = new(1) }, [10_00, 9_00, 8_00, 7_00, 6_00, 5_00], [0, 0, 0, 0, 6_00, 5_00] },
        { "at most one set", new BuyXGetY { Buy = new(2), Get = new(1), MaxTimes = 1 }, [10_00, 9_00, 8_00, 7_00, 6_00, 5_00], [0, 0, 0, 0, 0, 5_00] },
        { "the dearest of the rest", new BuyXGetY { Buy = new(1), Get = new(1), Pick = UnitPick.Dearest, MaxTimes = 1 }, [10_00, 9_00, 8_00], [0, 9_00, 0] },
        { "second unit half price", new BuyXGetY { Buy = new(1), Get = new(1, Percent: 50) }, [10_01, 5_01], [0, 2_51] },
        { "set not complete", new BuyXGetY { Buy = new(2), Get = new(1) }, [10_00, 10_00], [0, 0] },
        { "three for a price", new Bundle { Items = [new(Quantity: 3)], Price = 20 }, [10_00, 10_00, 10_00, 1_00], [3_34, 3_33, 3_33, 0] },
        { "dearest first, never dearer", new Bundle { Items = [new(Quantity: 2)], Price = 12 }, [10_00, 9_00, 6_00, 5_00], [3_68, 3_32, 0, 0] },
        { "bundle not complete", new Bundle { Items = [new(Quantity: 3)], Price = 20 }, [10_00, 10_00], [0, 0] },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Quote_OneCampaign_TakesOff(string why, Offer offer, long[] prices, long[] off)
    {
        var quote = Basket(prices).Quote(Campaign("c", offer));
        Assert.True(off.SequenceEqual(quote.Off()), $"{why}: {string.Join(' ', quote.Off())}");
        Assert.Equal(off.Sum(), quote.DiscountTotal);
        Assert.Equal(off.Sum() > 0, quote.Of("c").Applied);
        Assert.Equal(prices.Sum() - off.Sum(), quote.Total);
    }

    [Fact]
    public void Quote_UnitsOfALine_AreSplitEarlierFirst()
    {
        var quote = Cart(Line("a", 10_00, 3)).Quote(Campaign("c", Full(1, 10)));
        Assert.Equal([3_34, 3_33, 3_33], quote.Lines[0].Discounts[0].UnitAmounts);
    }

    [Fact]
    public void Quote_AmountPerUnit_CountsUnitsByLine()
    {
        var quote = Cart(Line("a", 10_00, 3), Line("b", 10_00, 3)).Quote(Campaign("c", new AmountOff { Amount = 2, Per = AmountPer.Unit, MaxUnits = 2 }));
        Assert.Equal([4_00, 4_00], quote.Off());
        Assert.Equal([2_00, 2_00, 0], quote.Lines[1].Discounts[0].UnitAmounts);
    }

    [Theory]
    [InlineData(5_00, 10_00, 5_00)] // the mug is dearer than the pen: it is still got, not bought
    [InlineData(10_00, 10_00, 10_00)]
    [InlineData(20_00, 10_00, 20_00)]
    public void Quote_BuyAnythingGetTheMug_FindsTheSetInAnyOrderOfLines(long pen, long mug, long total)
    {
        var campaign = Campaign("a", new BuyXGetY { Buy = new(1), Get = new(1, Goods("mugs")) });
        Assert.Equal(total, Cart(Line("pen", pen), Line("mug", mug, category: "mugs")).Quote(campaign).Total);
        Assert.Equal(total, Cart(Line("mug", mug, category: "mugs"), Line("pen", pen)).Quote(campaign).Total);
        // Three pens and the mug: one set as well.
        Assert.Equal(total + (2 * pen), Cart(Line("pen", pen, 3), Line("mug", mug, category: "mugs")).Quote(campaign).Total);
    }

    [Fact]
    public void Quote_BundleWhoseSlotsOverlap_MovesAUnitToMakeRoom()
    {
        // The shoe fits both slots. In the first, where it would go as the dearest, it leaves the other a sock: 100, no less than the price.
        var bundle = new Bundle { Items = [new(Goods("shoes", "hats")), new(Goods("shoes", "socks"))], Price = 100 };
        var cart = Cart(
            Line("a", 90_00, category: "shoes"), Line("b", 80_00, category: "hats"), Line("c", 10_00, 3, category: "socks"));
        Assert.Equal(70_00, cart.Quote(Campaign("c", bundle)).DiscountTotal);
    }

    [Fact]
    public void Quote_BundleOfSlots_FillsTheScarceSlotFirst()
    {
        // The only unit that fits the first slot also fits the second: it must not be spent there.
        var bundle = new Bundle { Items = [new(new GoodsScope()), new(Goods("shoes"))], Price = 50 };
        var quote = Cart(Line("a", 40_00, 1, "shoes"), Line("b", 30_00)).Quote(Campaign("c", bundle));
        Assert.Equal(20_00, quote.DiscountTotal);
    }

    [Fact]
    public void Quote_BuyHereGetThere_ReducesWhatIsGotOnly()
    {
        var offer = new BuyXGetY { Buy = new(1, Goods("shoes")), Get = new(1, Goods("socks")) };
        var quote = Cart(Line("a", 5_00, 1, "shoes"), Line("b", 9_00, 2, "socks")).Quote(Campaign("c", offer));
        Assert.Equal([0, 9_00], quote.Off());
    }

    [Fact]
    public void Quote_TwoSetCampaigns_NoUnitServesTwice()
    {
        var (first, second) = (Campaign("a", new BuyXGetY { Buy = new(2), Get = new(1), MaxTimes = 1 }, priority: 2), Campaign("b", new Bundle { Items = [new(Quantity: 2)], Price = 1 }));
        var quote = Basket(30_00, 20_00, 10_00, 5_00).Quote(first, second);
        // Bought: 30 and 20; got: 5. One unit is left, too few for the bundle.
        Assert.Equal([0, 0, 0, 5_00], quote.Off());
        Assert.Equal((ReasonCode.BelowThreshold, 1, true), (quote.Of("b").Reason!.Value.Code, quote.Of("b").Reason!.Value.Missing, quote.Of("b").Reason!.Value.MissingIsQuantity));
    }

    [Theory]
    [InlineData(100_00, 1)]
    [InlineData(199_99, 1)]
    [InlineData(200_00, 3)]
    public void Quote_GiftTiers_GiveTheHighestReached(long spend, int gifts)
    {
        var quote = Basket(spend).Quote(Campaign("c", new Gift { Tiers = [new("CUP", 1, Spend: 100), new("POT", 3, Spend: 200)] }));
        var gift = quote.Lines[1];
        Assert.Equal((gifts, 0, 0, "c"), (gift.Quantity, gift.ListTotal, gift.Total, gift.GiftOf));
        Assert.Equal(spend, quote.Total);
    }

    [Fact]
    public void Quote_GiftPerTimes_CountsTheLowestTier()
    {
        var quote = Basket(350_00).Quote(Campaign("c", new Gift { Tiers = [new("CUP", 2, Spend: 100), new("POT", 1, Spend: 300)], PerTimes = true }));
        Assert.Equal(("CUP", 6), (quote.Lines[1].Sku, quote.Lines[1].Quantity));
    }

    [Theory]
    [InlineData(98_99, 10_00, 0)]
    [InlineData(99_00, 10_00, 8_00)]
    [InlineData(99_00, 6_00, 6_00)]
    public void Quote_FreeShipping_TakesShippingUpToItsCap(long spend, long shipping, long off)
    {
        var quote = (Basket(spend) with { Shipping = shipping }).Quote(Campaign("c", new FreeShipping { Spend = 99, Cap = 8 }));
        Assert.Equal((off, 0, spend + shipping - off), (quote.ShippingDiscount, quote.DiscountTotal, quote.Total));
    }

    [Fact]
    public void Quote_CheapestOnly_ReducesOneUnit() =>
        Assert.Equal([0, 5_00], Cart(Line("a", 20_00), Line("b", 10_00, 2)).Quote(Campaign("c", Percent(50), cheapestOnly: true)).Off());

    [Fact]
    public void Quote_OnlyUndiscounted_SkipsReducedLinesButCountsThemForTheThreshold()
    {
        var quote = Cart(Line("a", 20_00, 1, "shoes"), Line("b", 10_00)).Quote(
            Campaign("a", new FixedPrice { Price = 15 }, category: "shoes"), Campaign("b", Full(25, 5), onlyUndiscounted: true));
        Assert.Equal([5_00, 5_00], quote.Off());
    }

    [Theory]
    [InlineData("JPY", 2000, 2000, 300, 300)]
    [InlineData("KWD", 1.5, 1500, 0.125, 125)]
    public void Quote_OtherDigits_AreWholeMinorUnits(string currency, double spend, long price, double off, long minor) =>
        Assert.Equal(minor, (Basket(price) with { Currency = currency }).Quote(Campaign("c", Full((decimal)spend, (decimal)off), currency: currency)).DiscountTotal);

    [Fact]
    public void Quote_ThousandLines_AddUp()
    {
        var quote = Cart([.. Enumerable.Range(0, 1000).Select(i => Line("l" + i, i % 7, 1 + (i % 3)))]).Quote(Campaign("c", Full(1, 9.99m)), Campaign("d", Percent(33.3m)));
        Assert.Equal(quote.DiscountTotal, quote.Lines.Sum(l => l.Discount));
        Assert.All(quote.Lines, l => Assert.Equal(l.Discount, l.Discounts.Sum(d => d.UnitAmounts.Sum())));
        Assert.Equal(9_99, quote.Of("c").Amount);
    }

    [Fact]
    public void Quote_HugeAmounts_DoNotOverflow()
    {
        var quote = Basket(long.MaxValue - 1, 1).Quote(Campaign("c", Percent(33.333333m)), Campaign("d", new FullReduction { Every = 0.01m, Off = 1_000_000, AllowFree = true }));
        Assert.Equal(0, quote.Total);
    }
}
