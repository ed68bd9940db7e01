using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

internal enum MechanicKind
{
    Tiers,
    Every,
    AmountPerOrder,
    AmountPerUnit,
    FixedPrice,
    BuyGet,
    Bundle,
    Gift,
    FreeShipping,
}

/// <summary>A step of an offer: from a threshold (minor units, or units of goods), so much off, or such a share.</summary>
internal readonly record struct Step(long Threshold, long Off, ulong Share);

/// <summary>A slot of a set.</summary>
internal readonly record struct Slot(int Scope, int Quantity);

/// <summary>A gift from a threshold on.</summary>
internal readonly record struct GiftStep(string Sku, int Quantity, long Value);

/// <summary>An offer in minor units. A share is millionths of a percent.</summary>
internal sealed class Mechanic
{
    private const ulong ShareOfAll = 100_000_000;

    public MechanicKind Kind { get; private init; }

    /// <summary>Ascending; empty without thresholds.</summary>
    public Step[] Steps { get; private init; } = [];

    public GiftStep[] Gifts { get; private init; } = [];

    /// <summary>Thresholds count units of goods.</summary>
    public bool ByQuantity { get; private init; }

    public long Cap { get; private init; } = long.MaxValue;

    public long MaxTimes { get; private init; } = long.MaxValue;

    /// <summary>The amount off, or the price.</summary>
    public long Amount { get; private init; }

    public int MaxUnits { get; private init; } = int.MaxValue;

    public UnitsPer MaxUnitsPer { get; private init; }

    /// <summary>Nothing is given while the cart holds anything else.</summary>
    public bool AllInScope { get; private init; }

    /// <summary>The bundle's slots; for buy-and-get what is bought, what is got.</summary>
    public Slot[] Slots { get; private init; } = [];

    public ulong GetShare { get; private init; }

    public bool PickDearest { get; private init; }

    public bool GiftPerTimes { get; private init; }

    /// <summary>A share of an amount, half away from zero.</summary>
    public static long Part(long amount, ulong share)
    {
        var high = Math.BigMul((ulong)amount, share, out var low);
        if (high == 0 && low <= ulong.MaxValue - ShareOfAll / 2)
            return (long)((low + ShareOfAll / 2) / ShareOfAll);
        return (long)((new UInt128(high, low) + ShareOfAll / 2) / ShareOfAll);
    }

    public static Mechanic Of(CampaignRules rules, Currency currency, ScopeIndex.Builder scopes) => rules.Offer switch
    {
        FullReduction { Every: { } every } offer => new Mechanic
        {
            Kind = MechanicKind.Every,
            Steps = [new Step(currency.ToMinor(every), currency.ToMinor(offer.Off ?? 0), 0)],
            MaxTimes = offer.MaxTimes ?? long.MaxValue,
        },
        FullReduction offer => new Mechanic { Steps = [.. offer.Tiers.Select(t => new Step(currency.ToMinor(t.Spend), currency.ToMinor(t.Off), 0))] },
        PercentOff offer => new Mechanic { Steps = [.. offer.Tiers.Select(t => new Step(currency.ToMinor(t.Spend ?? 0), 0, Share(t.Percent)))], Cap = Most(offer.Cap, currency) },
        QuantityDiscount offer => new Mechanic
        {
            ByQuantity = true,
            Steps = [.. offer.Tiers.Select(t => new Step(t.Quantity, currency.ToMinor(t.Off ?? 0), Share(t.Percent ?? 0)))],
            Cap = Most(offer.Cap, currency),
        },
        AmountOff { Per: AmountPer.Unit } offer => new Mechanic
        {
            Kind = MechanicKind.AmountPerUnit,
            Amount = currency.ToMinor(offer.Amount),
            MaxUnits = offer.MaxUnits ?? int.MaxValue,
            MaxUnitsPer = offer.MaxUnitsPer,
        },
        AmountOff offer => new Mechanic { Kind = MechanicKind.AmountPerOrder, Amount = currency.ToMinor(offer.Amount) },
        FixedPrice offer => new Mechanic
        {
            Kind = MechanicKind.FixedPrice,
            Amount = currency.ToMinor(offer.Price),
            MaxUnits = offer.MaxUnits ?? int.MaxValue,
            MaxUnitsPer = offer.MaxUnitsPer,
        },
        BuyXGetY offer => new Mechanic
        {
            Kind = MechanicKind.BuyGet,
            Slots = [SlotOf(offer.Buy.Scope, offer.Buy.Quantity, scopes), SlotOf(offer.Get.Scope, offer.Get.Quantity, scopes)],
            GetShare = Share(offer.Get.Percent),
            MaxTimes = offer.MaxTimes ?? long.MaxValue,
            PickDearest = offer.Pick == UnitPick.Dearest,
        },
        Bundle offer => new Mechanic
        {
            Kind = MechanicKind.Bundle,
            Slots = [.. offer.Items.Select(i => SlotOf(i.Scope, i.Quantity, scopes))],
            Amount = currency.ToMinor(offer.Price),
            MaxTimes = offer.MaxTimes ?? long.MaxValue,
        },
        Gift offer => new Mechanic
        {
            Kind = MechanicKind.Gift,
            ByQuantity = offer.Tiers[0].Quantity is not null,
            Steps = [.. offer.Tiers.Select(t => new Step(t.Quantity ?? currency.ToMinor(t.Spend ?? 0), 0, 0))],
            Gifts = [.. offer.Tiers.Select(t => new GiftStep(t.Sku, t.GiftQuantity, currency.ToMinor(t.Value ?? 0)))],
            GiftPerTimes = offer.PerTimes,
        },
        FreeShipping offer => new Mechanic
        {
            Kind = MechanicKind.FreeShipping,
            Steps = [new Step(currency.ToMinor(offer.Spend ?? 0), 0, 0)],
            Cap = Most(offer.Cap, currency),
            AllInScope = offer.OnlyIfAllInScope,
        },
        _ => throw new ArgumentException($"Offers of type '{rules.Offer.Type}' cannot be priced.", nameof(rules)),
    };

    private static ulong Share(decimal percent) => (ulong)(percent * 1_000_000m);

    private static long Most(decimal? cap, Currency currency) => cap is { } most ? currency.ToMinor(most) : long.MaxValue;

    private static Slot SlotOf(GoodsScope? scope, int quantity, ScopeIndex.Builder scopes) => new(scopes.Add(scope?.Include, scope?.Exclude), quantity);
}
