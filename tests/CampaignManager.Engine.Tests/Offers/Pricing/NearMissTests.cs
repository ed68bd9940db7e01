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
        Assert.Equal(("b", 50_00, 15_00), quote.NearMisses.Select(m => (m.CampaignId, m.Missing, m.Gain)).Single());
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
