using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Engine.Tests.Offers.Pricing;
using CsCheck;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class OfferYieldTests
{
    public static TheoryData<Offer, decimal, decimal> ByHand => new()
    {
        { new FullReduction { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] }, 199.99m, 0 },
        { new FullReduction { Tiers = [new SpendTier(200, 30), new SpendTier(400, 80)] }, 399, 30 },
        { new FullReduction { Tiers = [new SpendTier(20, 30)], AllowFree = true }, 25, 25 },
        { new FullReduction { Every = 100, Off = 12, MaxTimes = 3 }, 250, 24 },
        { new FullReduction { Every = 100, Off = 12, MaxTimes = 3 }, 999, 36 },
        { new PercentOff { Tiers = [new PercentTier(null, 10), new PercentTier(300, 20)], Cap = 50 }, 99, 9.9m },
        { new PercentOff { Tiers = [new PercentTier(null, 10), new PercentTier(300, 20)], Cap = 50 }, 300, 50 },
        { new FreeShipping { Spend = 99, Cap = 6 }, 98, 0 },
        { new FreeShipping { Spend = 99, Cap = 6 }, 99, 6 },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public void OffAt_ASum_IsWhatTheRulesSay(Offer offer, decimal sum, decimal off) => Assert.Equal(off, offer.OffAt(sum, 10));

    [Fact]
    public void OffAt_AnySum_IsWhatTheEngineGrants() => Gen.Select(AnyOffer.Offer.Where(o => o.IsBySum()), Gen.Long[1, 9_000_00], Gen.Long[0, 30_00]).Sample((offer, sum, shipping) =>
    {
        var cart = new Cart { Currency = "CNY", Shipping = shipping, Lines = [new CartLine { Id = "1", Sku = "S-1", Quantity = 1, UnitPrice = sum }] };
        var campaigns = CompiledCampaigns.Of([new LiveCampaign("c", new CampaignRules { Offer = offer })]);
        var quote = PromotionEngine.Quote(cart, campaigns, Usage.None, QuoteSettings.Default, DateTime.UnixEpoch);
        var off = decimal.Round(offer.OffAt(sum / 100m, shipping / 100m), 2, MidpointRounding.AwayFromZero);
        Assert.Equal(quote.DiscountTotal + quote.ShippingDiscount, (long)(off * 100));
    });

    [Fact]
    public void OffAt_MechanicsThatLookAtGoods_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new QuantityDiscount { Tiers = [new(2, 10)] }.OffAt(100, 10));

    // Below its first threshold an offer gives nothing, at it something.
    [Fact]
    public void Spends_OfAnyOffer_AreWhereItBeginsToGive() => Gen.Select(AnyOffer.Offer.Where(o => o.IsBySum()), Gen.Long[1, 30_00]).Sample((offer, shipping) =>
    {
        var first = offer.Spends()[0];
        Assert.Equal(offer.Spends().Order(), offer.Spends());
        Assert.True(offer.OffAt(Math.Max(first, 0.01m), shipping) > 0);
        if (first > 0)
            Assert.Equal(0, offer.OffAt(first - 0.01m, shipping));
    });

    [Theory]
    [InlineData(null, OfferClass.Item)]
    [InlineData(OfferClass.Shipping, OfferClass.Shipping)]
    public void Class_OfACampaign_IsItsOwnOrTheMechanics(OfferClass? named, OfferClass expected) =>
        Assert.Equal(expected, new CampaignRules { Offer = new AmountOff { Amount = 5, Per = AmountPer.Unit }, Combining = new Combining { Class = named } }.Class);

    [Fact]
    public void OwnClass_OfEveryMechanic_IsAsDescribed()
    {
        Offer[] item = [new FixedPrice(), new Bundle(), new BuyXGetY(), new AmountOff { Per = AmountPer.Unit }];
        Offer[] order = [new FullReduction(), new PercentOff(), new QuantityDiscount(), new AmountOff(), new Gift()];
        Assert.All(item, o => Assert.Equal(OfferClass.Item, o.OwnClass));
        Assert.All(order, o => Assert.Equal(OfferClass.Order, o.OwnClass));
        Assert.Equal(OfferClass.Shipping, new FreeShipping().OwnClass);
    }
}
