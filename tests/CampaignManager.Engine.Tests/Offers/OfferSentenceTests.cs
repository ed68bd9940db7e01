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
        { new QuantityDiscount { Tiers = [new(2, Percent: 10), new(3, Percent: 20)], Cap = 50 }, "CNY",
            "2 units, get 10% off; 3 units, get 20% off, at most ¥50", "满2件打9折，满3件打8折，最高减50" },
        { new QuantityDiscount { Tiers = [new(3, Off: 30)] }, "CNY", "3 units, save ¥30", "满3件减30" },
        { new AmountOff { Amount = 5 }, "CNY", "¥5 off the order", "立减5" },
        { new AmountOff { Amount = 5, Per = AmountPer.Unit, MaxUnits = 2 }, "CNY", "¥5 off each unit, at most 2 of each product", "每件立减5，每款限2件" },
        { new FixedPrice { Price = 9.9m, MaxUnits = 1 }, "CNY", "¥9.90 each, at most 1 of each product", "一口价9.90，每款限1件" },
        { new BuyXGetY { Buy = new(2), Get = new(1), MaxTimes = 3 }, "CNY", "Buy 2, get 1 free, up to 3×", "买2件送1件，最多3次" },
        { new BuyXGetY { Buy = new(1), Get = new(1, Percent: 50) }, "CNY", "Buy 1, get 1 50% off", "买1件，另1件打5折" },
        { new BuyXGetY { Buy = new(1, new() { Include = new() { Categories = ["tea"] } }), Get = new(1), Pick = UnitPick.Dearest }, "CNY",
            "Buy 1 (categories: tea), get 1 free, the dearest", "买1件（品类：tea）送1件（取高价商品）" },
        { new Bundle { Items = [new(Quantity: 3)], Price = 99, MaxTimes = 2 }, "CNY", "3 units for ¥99, up to 2×", "3件99元，最多2次" },
        { new Bundle { Items = [new(new() { Include = new() { Skus = ["A"] } }), new(new() { Include = new() { Skus = ["B"] } }, 2)], Price = 99 }, "CNY",
            "1 (SKU: A) + 2 (SKU: B) for ¥99", "1件（SKU：A） + 2件（SKU：B）99元" },
        { new Gift { Tiers = [new("CUP", Spend: 100, Value: 20), new("CUP", 2, Spend: 200)] }, "CNY",
            "Spend ¥100, get CUP × 1 (worth ¥20); spend ¥200, get CUP × 2", "满100赠CUP × 1（价值20），满200赠CUP × 2" },
        { new Gift { Tiers = [new("CUP", Quantity: 2)], PerTimes = true }, "CNY", "On every 2 units get CUP × 1", "每满2件赠CUP × 1" },
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
