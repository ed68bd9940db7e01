namespace CampaignManager.Engine.Offers;

/// <summary>
/// What an offer asks and gives, seen by a customer with a usual basket, on one scale for all mechanics (major units):
/// the spend to reach, what comes off there, and the share that this is.
/// </summary>
/// <param name="Threshold">Spend to reach.</param>
/// <param name="Off">What comes off at that spend.</param>
/// <param name="Depth">Share of the spend that comes off.</param>
public readonly record struct OfferTerms(double Threshold, double Off, double Depth)
{
    /// <summary>A tier within this multiple of the usual basket counts as within reach.</summary>
    public const double Reach = 1.25;

    /// <summary>Whether an offer can be put on this scale; models learn from these offers only.</summary>
    public static bool Knows(Offer offer) => offer is FullReduction or PercentOff or FreeShipping;

    /// <summary>
    /// Of several tiers the highest within reach counts, or else the lowest. "Every X" counts as often as is within reach, at least once.
    /// Percent off is put on the same scale: the threshold is its spend, or the usual basket where it asks none, and what comes off is the
    /// percentage of the larger of basket and threshold (up to the cap). Free shipping takes the shipping fee off.
    /// </summary>
    /// <param name="offer">The offer.</param>
    /// <param name="usualBasket">The customer's usual basket, major units, positive.</param>
    /// <param name="shippingFee">The shop's shipping fee, major units.</param>
    public static OfferTerms Of(Offer offer, double usualBasket, double shippingFee)
    {
        var within = usualBasket * Reach;
        switch (offer)
        {
            case FullReduction { Every: { } every, Off: { } off } each:
                var times = Math.Clamp(Math.Floor(within / (double)every), 1, each.MaxTimes ?? double.MaxValue);
                return Make((double)every * times, (double)off * times);
            case FullReduction reduction when reduction.Tiers.Count > 0:
                var tier = reduction.Tiers.LastOrDefault(t => (double)t.Spend <= within) ?? reduction.Tiers[0];
                return Make((double)tier.Spend, (double)tier.Off);
            case PercentOff percent when percent.Tiers.Count > 0:
                var step = percent.Tiers.LastOrDefault(t => (double)(t.Spend ?? 0) <= within) ?? percent.Tiers[0];
                var threshold = (double)(step.Spend ?? 0) is > 0 and var spend ? spend : usualBasket;
                var sum = Math.Max(usualBasket, threshold);
                var cut = Math.Min(sum * (double)step.Percent / 100, (double)(percent.Cap ?? decimal.MaxValue));
                return new OfferTerms(threshold, cut, cut / sum);
            case FreeShipping shipping:
                var fee = Math.Min(shippingFee, (double)(shipping.Cap ?? decimal.MaxValue));
                return Make((double)(shipping.Spend ?? 0) is > 0 and var from ? from : usualBasket, fee);
            default:
                throw new ArgumentException($"An offer of type {offer.Type} without terms has nothing to promise.", nameof(offer));
        }
    }

    private static OfferTerms Make(double threshold, double off) => new(threshold, off, off / threshold);
}
