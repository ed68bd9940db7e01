namespace CampaignManager.Engine.Offers;

/// <summary>What an offer takes off a sum, for the mechanics that only look at the sum: what planning and the demo shop reckon with, and the engine grants.</summary>
public static class OfferYield
{
    /// <summary>Whether a sum is all that the mechanic looks at.</summary>
    public static bool IsBySum(this Offer offer) => offer is FullReduction or PercentOff or FreeShipping;

    /// <summary>What comes off, major units, before any rounding; at most the sum for goods.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="sum">The goods in scope.</param>
    /// <param name="shipping">What shipping costs, which free shipping takes off.</param>
    /// <exception cref="ArgumentException">The mechanic looks at more than the sum.</exception>
    public static decimal OffAt(this Offer offer, decimal sum, decimal shipping) => offer switch
    {
        FullReduction { Every: { } every } reduction => Math.Min(sum, (reduction.Off ?? 0) * Math.Min(decimal.Floor(sum / every), reduction.Times())),
        FullReduction reduction => Math.Min(sum, reduction.Tiers.LastOrDefault(t => t.Spend <= sum)?.Off ?? 0),
        PercentOff percent => percent.Tiers.LastOrDefault(t => (t.Spend ?? 0) <= sum) is { } tier
            ? Math.Min(sum * tier.Percent / 100, percent.Cap ?? decimal.MaxValue)
            : 0,
        FreeShipping free => sum >= (free.Spend ?? 0) ? Math.Min(shipping, free.Cap ?? decimal.MaxValue) : 0,
        _ => throw new ArgumentException($"What an offer of type {offer.Type} gives does not follow from a sum.", nameof(offer)),
    };

    /// <summary>The largest share of a basket that may come off, for the mechanics whose rules alone say it.</summary>
    public static decimal? LargestShare(this Offer offer) => offer switch
    {
        FullReduction { Every: { } every, Off: { } off } => off / every,
        FullReduction reduction => reduction.Tiers.Max(t => t.Off / t.Spend),
        PercentOff percent => percent.Tiers.Max(t => t.Percent) / 100,
        QuantityDiscount quantity => quantity.Tiers.Max(t => t.Percent ?? 0) / 100,
        _ => null,
    };
}
