using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers.Clashes;

public sealed class ClashFinderTests
{
    private static readonly CartLine Shoe = new() { Id = "1", Sku = "S-1", Categories = ["shoes"], UnitPrice = 10_000 };
    private static readonly FullReduction From200 = new() { Tiers = [new SpendTier(200, 30)] };
    private static readonly Offer TenOff = new AmountOff { Amount = 10 };

    [Fact]
    public void Between_AnEarlierDiscountBelowTheThreshold_LosesItWithFigures()
    {
        // The order class holds both; the higher priority comes first and leaves 190 of 200.
        var clash = Find(Rules(From200), Rules(TenOff, priority: 5))[0];
        Assert.Equal(ClashKind.LosesThreshold, clash.Kind);
        Assert.Equal((20_000, 1_000, 20_000, false, true), (clash.Basket, clash.FirstOff, clash.Threshold, clash.MineFirst, clash.IsSerious));
    }

    [Fact]
    public void Between_ThresholdsAtListPrices_OnlyShareGoods()
    {
        var mine = Rules(From200) with { Combining = new Combining { ThresholdBase = ThresholdBase.List } };
        var clash = Assert.Single(Find(mine, Rules(TenOff, priority: 5)));
        Assert.Equal((ClashKind.SameGoods, false), (clash.Kind, clash.IsSerious));
    }

    [Fact]
    public void Between_MineFirst_TakesTheOthersThreshold() => Assert.Contains(Find(Rules(TenOff, priority: 5), Rules(From200)), c => c is { Kind: ClashKind.TakesThreshold, MineFirst: true });

    [Fact]
    public void Between_AHigherStepIsLost_IsALostThreshold()
    {
        var mine = Rules(new FullReduction { Tiers = [new SpendTier(100, 10), new SpendTier(400, 80)] });
        var other = Rules(new FullReduction { Tiers = [new SpendTier(400, 50)] }, priority: 9);
        var clash = Find(mine, other).First(c => c.Kind == ClashKind.LosesThreshold);
        Assert.Equal((40_000, 5_000, 40_000), (clash.Basket, clash.FirstOff, clash.Threshold));
    }

    [Fact]
    public void Between_ItemClassBeforeOrderClass_TakesThresholdsWhateverThePriority() =>
        Assert.Contains(Find(Rules(From200, priority: 99), Rules(new AmountOff { Amount = 10, Per = AmountPer.Unit })), c => c.Kind == ClashKind.LosesThreshold);

    [Fact]
    public void Between_FreeShippingFromASpend_CanLoseItsThreshold() =>
        Assert.Contains(Find(Rules(new FreeShipping { Spend = 99 }), Rules(TenOff)), c => c is { Kind: ClashKind.LosesThreshold, Threshold: 9_900 });

    [Theory]
    [InlineData(true, false, ClashKind.MineAlone, ClashWinner.Mine)]
    [InlineData(false, true, ClashKind.OtherAlone, ClashWinner.Other)]
    [InlineData(true, true, ClashKind.BothAlone, ClashWinner.Other)]
    public void Between_Exclusive_SaysWhoWins(bool mine, bool other, ClashKind kind, ClashWinner byPriority)
    {
        var (a, b) = (Exclusive(Rules(From200), mine), Exclusive(Rules(TenOff, priority: 5), other));
        Assert.Equal(new Clash(kind) { Winner = byPriority }, Assert.Single(Find(a, b, resolution: ConflictResolution.Priority)));
        Assert.Equal(new Clash(kind) { Winner = ClashWinner.Better }, Assert.Single(Find(a, b)));
        // No goods need be shared: a basket may hold both.
        Assert.Equal(kind, Assert.Single(ClashFinder.Between(new LiveCampaign("m", a), new LiveCampaign("o", b), null, ConflictResolution.BestForCustomer)).Kind);
    }

    [Fact]
    public void Between_OneGroup_IsThatAndNoMore()
    {
        var group = new Combining { Group = "autumn" };
        var clash = Assert.Single(Find(Rules(From200) with { Combining = group }, Rules(TenOff) with { Combining = group with { Priority = 5 } }));
        Assert.Equal((ClashKind.SameGroup, "autumn"), (clash.Kind, clash.Shared));
    }

    [Fact]
    public void Between_TheSameCodeInOtherLetters_IsSaid() =>
        Assert.Contains(Find(Rules(From200) with { Trigger = new Trigger { Code = " autumn" } }, Rules(TenOff) with { Trigger = new Trigger { Code = "ＡＵＴＵＭＮ" } }), c => c is { Kind: ClashKind.SameCode, Shared: "autumn" });

    [Fact]
    public void Between_TwoSets_ShareUnits() => Assert.Contains(
        Find(Rules(new BuyXGetY { Buy = new BuyPart(2), Get = new GetPart(1) }), Rules(new Bundle { Items = [new BundleItem(null, 3)], Price = 100 })), c => c.Kind == ClashKind.SharesUnits);

    [Fact]
    public void Between_TwoFreeShippings_ShareIt() => Assert.Equal(ClashKind.SameShipping, Assert.Single(Find(Rules(new FreeShipping()), Rules(new FreeShipping { Spend = 50 }))).Kind);

    [Fact]
    public void Between_OnlyUndiscounted_SkipsWhatComesFirst()
    {
        var mine = Rules(TenOff) with { Scope = new Scope { OnlyUndiscounted = true } };
        Assert.Equal([ClashKind.SkipsReduced], Find(mine, Rules(new AmountOff { Amount = 5 }, priority: 5)).Select(c => c.Kind));
    }

    [Fact]
    public void Between_SameGoods_TellsBothDiscountsOfOneBasket()
    {
        var clash = Assert.Single(Find(Rules(new PercentOff { Tiers = [new PercentTier(null, 50)] }), Rules(new PercentOff { Tiers = [new PercentTier(null, 10)] }, priority: 1)));
        // 10 % of 100 first, then half of 90.
        Assert.Equal((ClashKind.SameGoods, 10_000, 1_000, 5_500), (clash.Kind, clash.Basket, clash.FirstOff, clash.BothOff));
    }

    [Fact]
    public void Between_NothingShared_OrAnotherCurrency_IsEmpty()
    {
        Assert.Empty(ClashFinder.Between(new LiveCampaign("m", Rules(From200)), new LiveCampaign("o", Rules(TenOff)), null, ConflictResolution.Priority));
        Assert.Empty(Find(Rules(From200), Rules(TenOff) with { Currency = "USD" }));
    }

    [Fact]
    public void Between_EveryPairOfMechanics_IsToldOfBothSidesAlike()
    {
        Offer[] offers =
        [
            From200, new FullReduction { Every = 100, Off = 10 }, new PercentOff { Tiers = [new PercentTier(150, 20)] }, new QuantityDiscount { Tiers = [new QuantityTier(2, 10)] }, TenOff,
            new AmountOff { Amount = 5, Per = AmountPer.Unit }, new FixedPrice { Price = 9 }, new BuyXGetY(), new Bundle { Items = [new BundleItem(null, 2)], Price = 30 },
            new Gift { Tiers = [new GiftTier("MUG", 1, 200)] }, new FreeShipping { Spend = 99 },
        ];
        foreach (var mine in offers)
        {
            foreach (var other in offers)
            {
                var there = Find(Rules(mine), Rules(other, priority: 1)).Select(c => Mirror(c.Kind)).Order();
                var back = ClashFinder.Between(new LiveCampaign("o", Rules(other, priority: 1)), new LiveCampaign("m", Rules(mine)), Shoe, ConflictResolution.BestForCustomer).Select(c => c.Kind).Order();
                Assert.Equal(there, back);
            }
        }
    }

    private static ClashKind Mirror(ClashKind kind) => kind switch
    {
        ClashKind.LosesThreshold => ClashKind.TakesThreshold,
        ClashKind.TakesThreshold => ClashKind.LosesThreshold,
        ClashKind.SkipsReduced => ClashKind.OtherSkipsReduced,
        ClashKind.OtherSkipsReduced => ClashKind.SkipsReduced,
        _ => kind,
    };

    private static IReadOnlyList<Clash> Find(CampaignRules mine, CampaignRules other, ConflictResolution resolution = ConflictResolution.BestForCustomer) =>
        ClashFinder.Between(new LiveCampaign("m", mine), new LiveCampaign("o", other), Shoe, resolution);

    private static CampaignRules Rules(Offer offer, int priority = 0) => new() { Offer = offer, Combining = new Combining { Priority = priority } };

    private static CampaignRules Exclusive(CampaignRules rules, bool exclusive) => rules with { Combining = rules.Combining with { Exclusive = exclusive } };
}
