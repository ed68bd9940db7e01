using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers;

/// <summary>What an offer takes off a basket, by the rules of 满减 and its relatives: the discount is rounded, once, half away from zero.</summary>
public static class FullReductionPricing
{
    /// <summary>The discount for a basket; never more than the basket (or, for free shipping, than the shipping fee).</summary>
    /// <param name="offer">The offer; amounts in major units of <paramref name="currency"/>.</param>
    /// <param name="spendMinor">What is in scope and selected, minor units.</param>
    /// <param name="currency">The basket's currency.</param>
    /// <param name="shippingMinor">The shipping fee, minor units; only free shipping looks at it.</param>
    /// <returns>Minor units, 0 when no threshold is reached. Thresholds are inclusive.</returns>
    /// <exception cref="ArgumentException">An amount of the offer has more digits than the currency.</exception>
    public static long Discount(Offer offer, long spendMinor, Currency currency, long shippingMinor = 0)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(currency);
        ArgumentOutOfRangeException.ThrowIfNegative(spendMinor);
        ArgumentOutOfRangeException.ThrowIfNegative(shippingMinor);
        return offer switch
        {
            FullReduction { Every: { } every } reduction =>
                Math.Min(spendMinor, Repeated(spendMinor, currency.ToMinor(every), currency.ToMinor(reduction.Off ?? 0), reduction.MaxTimes)),
            FullReduction reduction =>
                Math.Min(spendMinor, currency.ToMinor(reduction.Tiers.Where(t => Reaches(t.Spend)).MaxBy(t => t.Spend)?.Off ?? 0)),
            PercentOff percent =>
                Capped(Share(spendMinor, percent.Tiers.Where(t => Reaches(t.Spend)).MaxBy(t => t.Spend ?? 0)?.Percent ?? 0), percent.Cap),
            FreeShipping shipping => Reaches(shipping.Spend) ? Capped(shippingMinor, shipping.Cap) : 0,
            _ => throw new ArgumentException($"Offers of type '{offer.Type}' are not priced here.", nameof(offer)),
        };

        bool Reaches(decimal? threshold) => spendMinor >= currency.ToMinor(threshold ?? 0);
        long Capped(long amount, decimal? cap) => cap is { } most ? Math.Min(amount, currency.ToMinor(most)) : amount;
    }

    /// <summary>The smallest larger basket that gets a larger discount, and that discount; null when spending more brings nothing more, or only in proportion.</summary>
    /// <inheritdoc cref="Discount"/>
    public static (long Spend, long Discount)? NextStep(Offer offer, long spendMinor, Currency currency, long shippingMinor = 0)
    {
        var now = Discount(offer, spendMinor, currency, shippingMinor);
        IEnumerable<long> thresholds = offer switch
        {
            FullReduction { Every: { } every } => [((spendMinor / currency.ToMinor(every)) + 1) * currency.ToMinor(every)],
            FullReduction reduction => reduction.Tiers.Select(t => currency.ToMinor(t.Spend)),
            PercentOff percent => percent.Tiers.Select(t => currency.ToMinor(t.Spend ?? 0)),
            FreeShipping shipping => [currency.ToMinor(shipping.Spend ?? 0)],
            _ => [],
        };
        return thresholds.Where(t => t > spendMinor).Order().Select(t => (t, Discount(offer, t, currency, shippingMinor)))
            .Where(step => step.Item2 > now).Select(step => ((long, long)?)step).FirstOrDefault();
    }

    private static long Repeated(long spend, long every, long off, int? maxTimes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        var times = Math.Min(spend / every, maxTimes ?? long.MaxValue);
        // Saturates: the caller cuts at the basket's amount anyway.
        return (long)Int128.Min((Int128)times * off, long.MaxValue);
    }

    private static long Share(long spend, decimal percent) =>
        Math.Min(spend, (long)Math.Round(spend * percent / 100, MidpointRounding.AwayFromZero));
}
