using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>The smallest change of the offer at which a segment's net profit, or the whole's, has the other sign.</summary>
/// <param name="Segment">Segment key; <see cref="Segments.Total"/> for the whole.</param>
/// <param name="Knob">What changes (<see cref="OfferKnobs"/>).</param>
/// <param name="From">Its value now, major units.</param>
/// <param name="To">Its value then.</param>
/// <param name="Before">Net profit now.</param>
/// <param name="After">Net profit then, with its 90 % interval.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Extrapolated">The offer then lies outside those tried.</param>
public sealed record SignFlip(
    string Segment, string Knob, double From, double To, double Before, double After, double Low, double High, bool Extrapolated)
{
    // Halving is as large a change as doubling.
    private double Size => Math.Abs(Math.Log(To / From));

    /// <summary>Finds them over the tidy numbers around today's; segments that keep their sign everywhere have none. The whole comes
    /// first.</summary>
    /// <param name="now">The campaign as it is.</param>
    /// <param name="tried">The same with one number of the offer changed: which, to what, and what that brings.</param>
    /// <param name="offer">The offer as it is.</param>
    public static IReadOnlyList<SignFlip> Of(
        CampaignPrediction now, IReadOnlyList<(string Knob, double At, CampaignPrediction Prediction)> tried, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(tried);
        var found = new List<SignFlip>();
        foreach (var line in now.Segments.Where(s => s.Kind == "lifecycle").Prepend(now.Total))
        {
            if (Nearest(line, tried, offer) is { } nearest)
                found.Add(nearest);
        }

        return found;
    }

    private static SignFlip? Nearest(
        SegmentPrediction line, IReadOnlyList<(string Knob, double At, CampaignPrediction Prediction)> tried, Offer offer)
    {
        SignFlip? nearest = null;
        foreach (var (knob, at, prediction) in tried)
        {
            if (OfferKnobs.Value(offer, knob) is not { } from || from <= 0 || LineOf(prediction, line.Segment) is not { } then)
                continue;
            if (then.NetProfit == 0 || Math.Sign(then.NetProfit) != -Math.Sign(line.NetProfit))
                continue;
            var flip = new SignFlip(
                line.Segment, knob, (double)from, at, line.NetProfit, then.NetProfit, then.NetProfitLow, then.NetProfitHigh,
                    prediction.Extrapolated);
            if (nearest is null || flip.Size < nearest.Size)
                nearest = flip;
        }

        return nearest;
    }

    private static SegmentPrediction? LineOf(CampaignPrediction prediction, string segment) =>
        segment == prediction.Total.Segment ? prediction.Total : prediction.Segments.FirstOrDefault(s => s.Segment == segment);
}
