using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>
/// The size of an offer: what one redemption costs over the shop's usual baskets. Discounts of past campaigns divided by their unit are alike enough
/// to learn from together, and a planned offer's unit turns the prediction back into money.
/// </summary>
/// <param name="baskets">Quantiles of the shop's basket values, ascending, major units.</param>
/// <param name="shippingFee">The shop's shipping fee, major units.</param>
public sealed class OfferUnit(double[] baskets, double shippingFee)
{
    /// <summary>Quantiles of the shop's basket values, ascending, major units.</summary>
    public IReadOnlyList<double> Baskets => baskets;

    /// <summary>The basket in the middle.</summary>
    public double MedianBasket => baskets[baskets.Length / 2];

    /// <summary>The shop's shipping fee, major units.</summary>
    public double ShippingFee => shippingFee;

    // What costs next to nothing is still divided by.
    private const double LeastShareOfBasket = 1e-4;

    /// <summary>Mean of what comes off at baskets that reach the lowest threshold; at the threshold itself where none does.</summary>
    public double Of(Offer offer)
    {
        double sum = 0;
        var count = 0;
        foreach (var basket in baskets)
        {
            var off = (double)offer.OffAt((decimal)basket, (decimal)shippingFee);
            if (off <= 0)
                continue;
            sum += off;
            count++;
        }

        return count > 0 ? sum / count : Math.Max(OfferTerms.Of(offer, MedianBasket, shippingFee).Off, LeastShareOfBasket * MedianBasket);
    }

    /// <summary>Where a campaign stands among the offers tried.</summary>
    public OfferPosition Position(CampaignRules rules, IReadOnlyList<string> categories)
    {
        var terms = OfferTerms.Of(rules.Offer, MedianBasket, shippingFee);
        var inScope = OfferScope.Resolve(rules.Scope, categories).Count(f => f);
        return new OfferPosition(rules.Offer.Type, terms.Threshold, terms.Depth, (double)inScope / Math.Max(1, categories.Count));
    }
}
