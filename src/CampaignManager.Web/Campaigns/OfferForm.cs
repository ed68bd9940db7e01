using CampaignManager.Engine.Offers;

namespace CampaignManager.Web.Campaigns;

public enum OfferKind
{
    Tiers,
    Every,
    Percent,
    Quantity,
    AmountOff,
    FixedPrice,
    BuyGet,
    Bundle,
    Gift,
    FreeShipping,
}

/// <summary>A row of the tier grid; <see cref="Grant"/> is an amount, or a percentage.</summary>
public sealed class TierRow
{
    public decimal? Spend { get; set; }

    public decimal? Grant { get; set; }
}

/// <summary>From so many units; <see cref="Grant"/> is a percentage, or an amount where <see cref="IsAmount"/>.</summary>
public sealed class QuantityRow
{
    public int? Quantity { get; set; }

    public decimal? Grant { get; set; }

    public bool IsAmount { get; set; }
}

/// <summary>A gift from a spend, or from so many units.</summary>
public sealed class GiftRow
{
    public decimal? Spend { get; set; }

    public int? Units { get; set; }

    public string Sku { get; set; } = "";

    public int? GiftQuantity { get; set; } = 1;

    public decimal? Value { get; set; }
}

/// <summary>What is bought, got, or one slot of a bundle.</summary>
public sealed class SlotForm
{
    public int? Quantity { get; set; } = 1;

    public SelectorForm Include { get; set; } = new();

    public SelectorForm Exclude { get; set; } = new();

    public static SlotForm Of(int quantity, GoodsScope? scope) => new() { Quantity = quantity, Include = SelectorForm.Of(scope?.Include), Exclude = SelectorForm.Of(scope?.Exclude) };

    public GoodsScope? ToScope() =>
        Include.ToSelector() is var include && Exclude.ToSelector() is var exclude && include is null && exclude is null ? null : new GoodsScope { Include = include, Exclude = exclude };
}

/// <summary>The offer as typed: of every mechanic what was typed for it, so that a look at another one loses nothing.</summary>
public sealed class OfferForm
{
    public OfferKind Kind { get; set; }

    public List<TierRow> Tiers { get; set; } = [new() { Spend = 200, Grant = 30 }];

    public decimal? Every { get; set; } = 200;

    public decimal? Off { get; set; } = 30;

    /// <summary>Of an amount off every so much, of sets and of bundles.</summary>
    public int? MaxTimes { get; set; }

    public bool AllowFree { get; set; }

    public List<TierRow> PercentTiers { get; set; } = [new() { Spend = 200, Grant = 10 }];

    /// <summary>Of percentages and quantities.</summary>
    public decimal? Cap { get; set; }

    public List<QuantityRow> QuantityTiers { get; set; } = [new() { Quantity = 2, Grant = 10 }];

    public decimal? Amount { get; set; } = 20;

    public bool PerUnit { get; set; }

    /// <summary>Of amounts off each unit and of fixed prices.</summary>
    public int? MaxUnits { get; set; }

    /// <summary>Of what there are at most so many.</summary>
    public UnitsPer MaxUnitsPer { get; set; }

    public decimal? FixedPrice { get; set; } = 99;

    public SlotForm Buy { get; set; } = new();

    public SlotForm Get { get; set; } = new();

    public decimal? GetPercent { get; set; } = 100;

    public bool PickDearest { get; set; }

    public List<SlotForm> Slots { get; set; } = [new() { Quantity = 3 }];

    public decimal? BundlePrice { get; set; } = 100;

    public List<GiftRow> Gifts { get; set; } = [new() { Spend = 200 }];

    public bool GiftByUnits { get; set; }

    public bool GiftPerTimes { get; set; }

    public decimal? ShippingSpend { get; set; } = 99;

    public decimal? ShippingCap { get; set; }

    public bool ShippingAllInScope { get; set; }

    /// <summary>What no offer can say: figures that are not there at all, where zero would mean something.</summary>
    public IEnumerable<string> Blank()
    {
        if (Kind == OfferKind.FixedPrice && FixedPrice is null)
            yield return "offer.price";
        if (Kind == OfferKind.Bundle && BundlePrice is null)
            yield return "offer.price";
    }

    public Offer ToOffer() => Kind switch
    {
        OfferKind.Tiers => new FullReduction { Tiers = [.. Tiers.Select(t => new SpendTier(t.Spend ?? 0, t.Grant ?? 0))], AllowFree = AllowFree },
        OfferKind.Every => new FullReduction { Every = Every ?? 0, Off = Off, MaxTimes = MaxTimes, AllowFree = AllowFree },
        OfferKind.Percent => new PercentOff { Tiers = [.. PercentTiers.Select(t => new PercentTier(t.Spend, t.Grant ?? 0))], Cap = Cap },
        OfferKind.Quantity => new QuantityDiscount { Tiers = [.. QuantityTiers.Select(t => new QuantityTier(t.Quantity ?? 0, t.IsAmount ? null : t.Grant ?? 0, t.IsAmount ? t.Grant ?? 0 : null))], Cap = Cap },
        OfferKind.AmountOff => new AmountOff { Amount = Amount ?? 0, Per = PerUnit ? AmountPer.Unit : AmountPer.Order, MaxUnits = PerUnit ? MaxUnits : null, MaxUnitsPer = PerUnit ? MaxUnitsPer : UnitsPer.Line },
        OfferKind.FixedPrice => new FixedPrice { Price = FixedPrice ?? 0, MaxUnits = MaxUnits, MaxUnitsPer = MaxUnitsPer },
        OfferKind.BuyGet => new BuyXGetY
        {
            Buy = new BuyPart(Buy.Quantity ?? 0, Buy.ToScope()),
            Get = new GetPart(Get.Quantity ?? 0, Get.ToScope(), GetPercent ?? 0),
            MaxTimes = MaxTimes,
            Pick = PickDearest ? UnitPick.Dearest : UnitPick.Cheapest,
        },
        OfferKind.Bundle => new Bundle { Items = [.. Slots.Select(s => new BundleItem(s.ToScope(), s.Quantity ?? 0))], Price = BundlePrice ?? 0, MaxTimes = MaxTimes },
        OfferKind.Gift => new Gift
        {
            Tiers = [.. Gifts.Select(g => new GiftTier(g.Sku.Trim(), g.GiftQuantity ?? 0, GiftByUnits ? null : g.Spend ?? 0, GiftByUnits ? g.Units ?? 0 : null, g.Value))],
            PerTimes = GiftPerTimes,
        },
        OfferKind.FreeShipping => new FreeShipping { Spend = ShippingSpend, Cap = ShippingCap, OnlyIfAllInScope = ShippingAllInScope },
        _ => throw new InvalidOperationException($"The editor has no form for {Kind}."),
    };

    public static OfferForm Of(Offer offer)
    {
        var form = new OfferForm();
        switch (offer)
        {
            case FullReduction { Every: not null } every:
                (form.Kind, form.Every, form.Off, form.MaxTimes, form.AllowFree) = (OfferKind.Every, every.Every, every.Off, every.MaxTimes, every.AllowFree);
                break;
            case FullReduction tiered:
                (form.Kind, form.AllowFree) = (OfferKind.Tiers, tiered.AllowFree);
                form.Tiers = [.. tiered.Tiers.Select(t => new TierRow { Spend = t.Spend, Grant = t.Off })];
                break;
            case PercentOff percent:
                (form.Kind, form.Cap) = (OfferKind.Percent, percent.Cap);
                form.PercentTiers = [.. percent.Tiers.Select(t => new TierRow { Spend = t.Spend, Grant = t.Percent })];
                break;
            case QuantityDiscount quantity:
                (form.Kind, form.Cap) = (OfferKind.Quantity, quantity.Cap);
                form.QuantityTiers = [.. quantity.Tiers.Select(t => new QuantityRow { Quantity = t.Quantity, Grant = t.Off ?? t.Percent, IsAmount = t.Off is not null })];
                break;
            case AmountOff amount:
                (form.Kind, form.Amount, form.PerUnit) = (OfferKind.AmountOff, amount.Amount, amount.Per == AmountPer.Unit);
                (form.MaxUnits, form.MaxUnitsPer) = (amount.MaxUnits, amount.MaxUnitsPer);
                break;
            case FixedPrice price:
                (form.Kind, form.FixedPrice, form.MaxUnits, form.MaxUnitsPer) = (OfferKind.FixedPrice, price.Price, price.MaxUnits, price.MaxUnitsPer);
                break;
            case BuyXGetY sets:
                (form.Kind, form.GetPercent, form.MaxTimes, form.PickDearest) = (OfferKind.BuyGet, sets.Get.Percent, sets.MaxTimes, sets.Pick == UnitPick.Dearest);
                (form.Buy, form.Get) = (SlotForm.Of(sets.Buy.Quantity, sets.Buy.Scope), SlotForm.Of(sets.Get.Quantity, sets.Get.Scope));
                break;
            case Bundle bundle:
                (form.Kind, form.BundlePrice, form.MaxTimes) = (OfferKind.Bundle, bundle.Price, bundle.MaxTimes);
                form.Slots = [.. bundle.Items.Select(i => SlotForm.Of(i.Quantity, i.Scope))];
                break;
            case Gift gift:
                (form.Kind, form.GiftPerTimes, form.GiftByUnits) = (OfferKind.Gift, gift.PerTimes, gift.Tiers.Any(t => t.Quantity is not null));
                form.Gifts = [.. gift.Tiers.Select(t => new GiftRow { Spend = t.Spend, Units = t.Quantity, Sku = t.Sku, GiftQuantity = t.GiftQuantity, Value = t.Value })];
                break;
            case FreeShipping shipping:
                (form.Kind, form.ShippingSpend, form.ShippingCap) = (OfferKind.FreeShipping, shipping.Spend, shipping.Cap);
                form.ShippingAllInScope = shipping.OnlyIfAllInScope;
                break;
            default:
                throw new InvalidOperationException($"The editor has no form for {offer.Type}.");
        }

        return form;
    }
}
