using CampaignManager.Engine.Planning;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.Predict;

/// <summary>
/// Extra orders beside the uplift in conversion. Each is estimated by itself, so near zero the two may differ in sign: an order more and a
/// buyer less says nothing, and is not shown as if it did.
/// </summary>
internal static class ExtraOrders
{
    public static string Of(SegmentPrediction line) => Figures.Count(AreNotTold(line) ? 0 : line.IncrementalOrders);

    public static string Interval(SegmentPrediction line) =>
        Figures.Interval(Figures.Count(line.IncrementalOrdersLow), Figures.Count(line.IncrementalOrdersHigh));

    /// <summary>Against the uplift, and not told from zero.</summary>
    public static bool AreNotTold(SegmentPrediction line) =>
        AreAgainst(line) && line.IncrementalOrdersLow <= 0 && line.IncrementalOrdersHigh >= 0;

    /// <summary>Against the uplift beyond chance: fewer buy and buy more often, or the other way round.</summary>
    public static bool Differ(SegmentPrediction line) => AreAgainst(line) && !AreNotTold(line);

    private static bool AreAgainst(SegmentPrediction line) => line.Uplift * line.IncrementalOrders < 0;
}
