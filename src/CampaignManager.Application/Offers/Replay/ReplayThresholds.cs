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
        var units = offer.Units();
        IReadOnlyList<long> at = units.Count > 0 ? [.. units.Select(u => (long)u)] : [.. offer.Spends().Select(currency.ToMinor)];
        if (at.Count > 0 && offer.Times() is > 1 and var times)
            at = [.. Enumerable.Range(1, Math.Min(times, MostRepeats)).Select(i => at[0] * i)];
        return new ReplayThresholds(units.Count > 0, Steps(at));
    }

    // Any basket reaches zero: that is no threshold.
    private static long[] Steps(IEnumerable<long> steps) => [.. steps.Where(s => s > 0).Distinct().Order()];
}
