using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CsCheck;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>Random carts and campaigns, small enough to collide often: few categories, few prices, ties everywhere.</summary>
internal static class AnyOffer
{
    private static readonly string[] Categories = ["shoes", "shoes/running", "kitchen"];
    private static readonly Gen<decimal> Off = Gen.Int[1, 4000].Select(i => i / 100m);
    private static readonly Gen<decimal> Share = Gen.OneOf(Gen.Int[1, 100].Select(i => (decimal)i), Gen.Int[1, 1000].Select(i => i / 10m));
    private static readonly Gen<long> Price = Gen.OneOf(Gen.Const(0L), Gen.Long[1, 5], Gen.Long[1, 60].Select(i => i * 50), Gen.Long[1, 9999]);
    private static readonly Gen<GoodsScope?> Goods = AnyOf<GoodsScope?>(null, null, Priced.Goods("shoes"), Priced.Goods("kitchen"));
    private static readonly Gen<int?> Few = AnyOf<int?>(null, null, 1, 2);

    public static readonly Gen<CartLine> Line = Gen.Select(Price, Gen.Int[1, 4], AnyOf(Categories), Gen.Int[0, 9], Gen.Int[0, 9], AnyOf(0m, 0m, 13m, 6.5m),
        (price, quantity, category, floor, selected, tax) => new CartLine
        {
            Id = "",
            Sku = "S",
            UnitPrice = price,
            Quantity = quantity,
            Categories = [category],
            MinUnitPrice = floor < 7 ? 0 : price * floor / 10,
            Selected = selected > 0,
            TaxRate = tax,
        });

    public static readonly Gen<Cart> AnyCart = Gen.Select(Line.Array[0, 6], Gen.Long[0, 1500], (lines, shipping) => new Cart
    {
        Currency = "CNY",
        Shipping = shipping,
        Lines = [.. lines.Select((l, i) => l with { Id = "l" + i })],
    });

    /// <summary>No line has a floor.</summary>
    public static readonly Gen<Cart> CartWithoutFloors = AnyCart.Select(c => c with { Lines = [.. c.Lines.Select(l => l with { MinUnitPrice = 0 })] });

    /// <summary>Mechanics that look at sums, not at single units.</summary>
    public static readonly Gen<Offer> OrderOffer = Gen.OneOf<Offer>(
        Gen.Select(Off, Off, (spend, off) => (Offer)new FullReduction { Tiers = [new SpendTier(spend, off), new SpendTier(spend + 20, off * 2)], AllowFree = true }),
        Gen.Select(Off, Off, Few, (every, off, times) => (Offer)new FullReduction { Every = every, Off = off, MaxTimes = times, AllowFree = true }),
        Gen.Select(Share, Off, Gen.Bool, (share, cap, capped) => (Offer)Priced.Percent(share, null, capped ? cap : null)),
        Gen.Select(Gen.Int[1, 4], Share, Off, Gen.Bool, (from, share, off, percent) =>
            (Offer)new QuantityDiscount { Tiers = [percent ? new QuantityTier(from, share) : new QuantityTier(from, null, off)] }),
        Off.Select(off => (Offer)new AmountOff { Amount = off }));

    public static readonly Gen<Offer> BuyGet =
        Gen.Select(Gen.Int[1, 3], Goods, Gen.Int[1, 2], Goods, Share, Few, Gen.Bool, (buy, buyScope, get, getScope, share, times, dearest) =>
            (Offer)new BuyXGetY { Buy = new(buy, buyScope), Get = new(get, getScope, share), MaxTimes = times, Pick = dearest ? UnitPick.Dearest : UnitPick.Cheapest });

    public static readonly Gen<Offer> BundleOffer =
        Gen.Select(Gen.Select(Goods, Gen.Int[1, 2], (scope, quantity) => new BundleItem(scope, quantity)).Array[1, 3], Off, Few, (items, price, times) =>
            (Offer)new Bundle { Items = items, Price = price, MaxTimes = times });

    public static readonly Gen<Offer> Offer = Gen.OneOf(
        OrderOffer,
        Gen.Select(Off, Few, (off, units) => (Offer)new AmountOff { Amount = off, Per = AmountPer.Unit, MaxUnits = units }),
        Gen.Select(Off, Few, (price, units) => (Offer)new FixedPrice { Price = price, MaxUnits = units }),
        BuyGet,
        BundleOffer,
        Gen.Select(Off, Gen.Bool, (spend, times) => (Offer)new Gift { Tiers = [new("CUP", 1, Spend: spend, Value: 5)], PerTimes = times }),
        Gen.Select(Off, Off, Gen.Bool, (spend, cap, capped) => (Offer)new FreeShipping { Spend = spend, Cap = capped ? cap : null }));

    public static readonly Gen<LiveCampaign> Campaign = Gen.Select(Offer, Terms, (offer, terms) => new LiveCampaign("", terms(offer)));

    public static readonly Gen<LiveCampaign[]> Campaigns = Named(Campaign.Array[0, 5]);

    private static Gen<Func<Offer, CampaignRules>> Terms =>
        Gen.Select(AnyOf<string?>(null, null, "shoes", "kitchen"), Gen.Int[-1, 1], Gen.Int[0, 9], AnyOf<OfferClass?>(null, null, null, OfferClass.Item, OfferClass.Order, OfferClass.Shipping), Gen.Int[0, 63], Gen.Int[1, 5000],
            (category, priority, kind, @class, flags, budget) => (Func<Offer, CampaignRules>)(offer => new CampaignRules
            {
                Offer = offer,
                Scope = new Scope
                {
                    Include = category is null ? null : new ScopeSelector { Categories = [category] },
                    OnlyUndiscounted = (flags & 7) == 0,
                    CheapestOnly = (flags & 7) == 1 && offer is not (BuyXGetY or Bundle),
                    ThresholdNetOfTax = (flags & 7) == 2,
                },
                Combining = new Combining
                {
                    Priority = priority,
                    Class = @class,
                    Group = kind is 0 or 1 ? "g" : kind == 2 ? "h" : null,
                    Exclusive = kind is 3 or 4,
                    ThresholdBase = (flags & 8) == 0 ? ThresholdBase.Running : ThresholdBase.List,
                },
                Limits = new Limits { Budget = flags >= 48 ? budget / 100m : null, OnBudgetShort = (flags & 8) == 0 ? OnBudgetShort.Reject : OnBudgetShort.Partial },
                ReturnPolicy = (flags & 16) == 0 ? ReturnPolicy.Keep : ReturnPolicy.Clawback,
            }));

    public static Gen<LiveCampaign[]> Named(Gen<LiveCampaign[]> campaigns) => campaigns.Select(all => all.Select((c, i) => c with { Id = "c" + i }).ToArray());

    public static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
