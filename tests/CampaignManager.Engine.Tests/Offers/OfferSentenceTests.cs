using System.Globalization;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class OfferSentenceTests
{
    public static TheoryData<Offer, string, string, string> Sentences => new()
    {
        { Tiers((200, 30), (400, 80)), "CNY", "Spend ¥200, save ¥30; spend ¥400, save ¥80", "满200减30，满400减80" },
        { Tiers((1999.5m, 300)), "CNY", "Spend ¥1,999.50, save ¥300", "满1999.50减300" },
        { Tiers((20, 3)), "USD", "Spend $20, save $3", "满$20减$3" },
        { Tiers((2000, 300)), "JPY", "Spend JP¥2,000, save JP¥300", "满JP¥2,000减JP¥300" },
        { Tiers((1.5m, 0.25m)), "KWD", "Spend KWD 1.500, save KWD 0.250", "满KWD 1.500减KWD 0.250" },
        { new FullReduction { Every = 200, Off = 30, MaxTimes = 3 }, "CNY", "Save ¥30 on every ¥200, up to 3×", "每满200减30，最多3次" },
        { new FullReduction { Every = 200, Off = 30 }, "CNY", "Save ¥30 on every ¥200", "每满200减30" },
        { new PercentOff { Tiers = [new PercentTier(null, 10)] }, "CNY", "10% off", "打9折" },
        { new PercentOff { Tiers = [new PercentTier(100, 10.5m), new PercentTier(300, 20)], Cap = 50 }, "CNY",
            "Spend ¥100, get 10.5% off; spend ¥300, get 20% off, at most ¥50", "满100打8.95折，满300打8折，最高减50" },
        { new PercentOff { Tiers = [new PercentTier(100, 100)] }, "CNY", "Spend ¥100, get 100% off", "满100免单" },
        { new FreeShipping { Spend = 99, Cap = 10 }, "CNY", "Free shipping from ¥99, up to ¥10 of the fee", "满99包邮，运费最高抵10" },
        { new FreeShipping(), "CNY", "Free shipping", "包邮" },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Of_Offer_ReadsInBothLanguages(Offer offer, string currency, string english, string chinese)
    {
        Assert.Equal(english, OfferSentence.Of(offer, currency, CultureInfo.GetCultureInfo("en")));
        Assert.Equal(chinese, OfferSentence.Of(offer, currency, CultureInfo.GetCultureInfo("zh-CN")));
    }

    private static FullReduction Tiers(params (decimal Spend, decimal Off)[] tiers) => new() { Tiers = [.. tiers.Select(t => new SpendTier(t.Spend, t.Off))] };
}
