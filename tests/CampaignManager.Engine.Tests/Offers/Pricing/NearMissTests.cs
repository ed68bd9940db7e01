using System.Globalization;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class NearMissTests
{
    private static readonly QuoteWords English = new("CNY", CultureInfo.GetCultureInfo("en"));
    private static readonly QuoteWords Chinese = new("CNY", CultureInfo.GetCultureInfo("zh-CN"));

    public static TheoryData<Offer, long, string, string> Misses => new()
    {
        { Full(200, 20), 187_50, "¥12.50 more and you save ¥20", "再买¥12.50，可减¥20" },
        { new FullReduction { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] }, 250_00, "¥150 more and you save another ¥50", "再买¥150，可再减¥50" },
        { new FullReduction { Every = 100, Off = 10 }, 250_00, "¥50 more and you save another ¥10", "再买¥50，可再减¥10" },
        { Percent(10, 100), 90_00, "¥10 more and you save ¥10", "再买¥10，可减¥10" },
        { new QuantityDiscount { Tiers = [new(3, Off: 5)] }, 90_00, "2 units more and you save ¥5", "再买2件，可减¥5" },
        { new Gift { Tiers = [new("CUP", Spend: 100)] }, 90_00, "¥10 more and you get CUP", "再买¥10，即送CUP" },
        { new FreeShipping { Spend = 99 }, 90_00, "¥9 more and you save ¥8", "再买¥9，可减¥8" },
    };

    [Theory]
    [MemberData(nameof(Misses))]
    public void Quote_JustShort_SaysWhatALittleMoreBrings(Offer offer, long spend, string english, string chinese)
    {
        var miss = Assert.Single((Basket(spend) with { Shipping = 8_00 }).Quote(Campaign("c", offer)).NearMisses);
        Assert.Equal((english, chinese), (English.Of(miss), Chinese.Of(miss)));
    }

    [Fact]
    public void Quote_TopOfAllTiers_MissesNothing()
    {
        var quote = Basket(999_00).Quote(Campaign("a", Full(200, 30)), Campaign("b", new FullReduction { Every = 100, Off = 1, MaxTimes = 2 }), Campaign("c", new AmountOff { Amount = 1 }));
        Assert.Empty(quote.NearMisses);
    }

    [Fact]
    public void Quote_GroupMemberOutOfReach_GainsOnlyTheDifference()
    {
        var quote = Basket(100_00).Quote(Campaign("a", Percent(10), group: "g"), Campaign("b", Full(150, 25), group: "g"), Campaign("c", Full(150, 9), group: "g"));
        // b saves 25 on 150 where a would save 15.
        Assert.Equal(("b", 50_00, 10_00), quote.NearMisses.Select(m => (m.CampaignId, m.Missing, m.Gain)).Single());
    }

    [Theory]
    [InlineData(100_00, 11_11)] // 111.11 less 10 % is 100.00
    [InlineData(110_00, 1_11)]
    [InlineData(55_55, 55_56)]
    [InlineData(111_10, 1)]
    public void Quote_AnItemDiscountComesFirst_SaysTheListAmountThatReachesIt(long spend, long missing)
    {
        LiveCampaign[] campaigns = [Campaign("ten", Percent(10), @class: OfferClass.Item), Campaign("r", Full(100, 20))];
        var miss = Assert.Single(Basket(spend).Quote(campaigns).NearMisses);
        Assert.Equal(("r", missing, 20_00), (miss.CampaignId, miss.Missing, miss.Gain));
        Assert.True(Basket(spend, missing).Quote(campaigns).Of("r").Applied);
        Assert.True(missing == 1 || !Basket(spend, missing - 1).Quote(campaigns).Of("r").Applied);
    }

    [Fact]
    public void Quote_PricesWithTax_SaysWhatTheShopperPaysForTheNetThreshold()
    {
        var net = Campaign("c", Full(100, 5));
        net = net with { Rules = net.Rules with { Scope = new Scope { ThresholdNetOfTax = true } } };
        // 56.50 is 50.00 net; another 56.50 are the other half.
        Assert.Equal(56_50, Assert.Single(Cart(Line("a", 56_50, tax: 13)).Quote(net).NearMisses).Missing);
    }

    [Fact]
    public void Quote_WhatItWouldDisplace_IsNotGained()
    {
        // Alone it saves 30 on 200, where the others save 20: 10 more.
        var quote = Basket(150_00).Quote(Campaign("alone", Full(200, 30), exclusive: true), Campaign("ten", Percent(10)));
        Assert.Equal(("alone", 50_00, 10_00), quote.NearMisses.Select(m => (m.CampaignId, m.Missing, m.Gain)).Single());
        Assert.Empty(Basket(150_00).Quote(Campaign("alone", Full(200, 20), exclusive: true), Campaign("ten", Percent(10))).NearMisses);
    }

    [Fact]
    public void Quote_ManyInReach_NamesTheThreeNearest() => Assert.Equal(
        ["d", "c", "b"],
        Basket(100_00).Quote([.. new[] { "a", "b", "c", "d" }.Select((id, i) => Campaign(id, Full(140 - 10 * i, 5)))]).NearMisses.Select(m => m.CampaignId));

    [Fact]
    public void Quote_NoAmountMakesItApply_PromisesNothing()
    {
        // Half of whatever is added goes again: eight steps do not close the gap.
        Assert.Empty(Basket(100_00).Quote(Campaign("half", Percent(90), @class: OfferClass.Item), Campaign("c", Full(100, 20))).NearMisses);
        Assert.Empty(Basket(0).Quote(Campaign("sixth", new QuantityDiscount { Tiers = [new(6, Percent: 10)] })).NearMisses);
    }

    [Fact]
    public void Quote_OfAGuest_SaysWhatSigningInSaves()
    {
        var once = Campaign("c", new AmountOff { Amount = 5 }, limits: new Limits { UsesPerCustomer = 1 });
        var miss = Assert.Single(Basket(20_00).Quote(once).NearMisses);
        Assert.Equal((true, 0, 5_00), (miss.IsCustomer, miss.Missing, miss.Gain));
        Assert.Equal(("Sign in and you save ¥5", "登录后可减¥5"), (English.Of(miss), Chinese.Of(miss)));
        // Some who sign in are held out: nothing is promised to all.
        Assert.Empty(Basket(20_00).Quote(once with { HoldoutSalt = "s", HoldoutShare = 0.1 }).NearMisses);
    }

    [Fact]
    public void Quote_BudgetTooSmallForTheNextStep_IsNotPromised() =>
        Assert.Empty(Basket(100_00).Quote(new CampaignUsage { BudgetLeft = 10_00 }, Campaign("c", Full(150, 25), limits: new Limits { Budget = 100 })).NearMisses);

    [Fact]
    public void Of_EveryReason_HasASentenceInBothLanguages()
    {
        foreach (var code in Enum.GetValues<ReasonCode>())
        {
            var reason = new QuoteReason(code) { Missing = 12_50, CampaignId = "x", By = 3_00 };
            Assert.EndsWith(".", English.Of(reason));
            Assert.EndsWith("。", Chinese.Of(reason));
            Assert.Matches("^[a-z]+(-[a-z]+)*$", code.Name());
        }

        Assert.Equal("¥12.50 short of the threshold.", English.Of(new QuoteReason(ReasonCode.BelowThreshold) { Missing = 12_50 }));
        Assert.Equal("不能与“x”同享，后者多优惠¥3。", Chinese.Of(new QuoteReason(ReasonCode.ExcludedBy) { CampaignId = "x", By = 3_00 }));
    }
}
