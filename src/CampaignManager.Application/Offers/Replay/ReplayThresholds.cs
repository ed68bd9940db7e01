using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Offers.Replay;

/// <summary>The thresholds of an offer, as its baskets are held against them: minor units, or units of goods.</summary>
internal sealed record ReplayThresholds(bool IsQuantity, long[] At)
{
    // "Every X" has no end; beyond these nobody aims.
    private const int MostRepeats = 5;

    public static ReplayThresholds Of(Offer offer, Currency currency)
    {
        return offer switch
        {
            FullReduction { Every: { } every } each => Repeats(currency.ToMinor(every), each.MaxTimes),
            FullReduction tiers => Money(tiers.Tiers.Select(t => t.Spend)),
            PercentOff percent => Money(percent.Tiers.Select(t => t.Spend ?? 0)),
            QuantityDiscount quantity => new ReplayThresholds(true, Steps(quantity.Tiers.Select(t => (long)t.Quantity))),
            Gift { PerTimes: true, Tiers: [{ Quantity: { } units }, ..] } => Repeats(units, null) with { IsQuantity = true },
            Gift { PerTimes: true, Tiers: [{ Spend: { } spend }, ..] } => Repeats(currency.ToMinor(spend), null),
            Gift { Tiers: [{ Quantity: not null }, ..] } gift => new ReplayThresholds(true, Steps(gift.Tiers.Select(t => (long)(t.Quantity ?? 0)))),
            Gift gift => Money(gift.Tiers.Select(t => t.Spend ?? 0)),
            FreeShipping free => Money([free.Spend ?? 0]),
            _ => new ReplayThresholds(false, []),
        };

        ReplayThresholds Money(IEnumerable<decimal> spends) => new(false, Steps(spends.Select(currency.ToMinor)));
    }

    private static ReplayThresholds Repeats(long every, int? most) => new(false, Steps(Enumerable.Range(1, Math.Min(most ?? MostRepeats, MostRepeats)).Select(i => every * i)));

    // Any basket reaches zero: that is no threshold.
    private static long[] Steps(IEnumerable<long> steps) => [.. steps.Where(s => s > 0).Distinct().Order()];
}
