using CampaignManager.Application.Experiments;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.FirstSteps;

/// <summary>How far a shop has come: what its data let be said.</summary>
public enum FirstStep
{
    /// <summary>No orders yet.</summary>
    Nothing,

    /// <summary>Orders, and nothing of what made people order.</summary>
    Orders,

    /// <summary>And a log of mails or coupons that were not sent at random.</summary>
    Log,

    /// <summary>And past campaigns in which customers were held back at random.</summary>
    Campaigns,

    /// <summary>A model of what campaigns do is in use.</summary>
    Model,
}

/// <summary>A segment and what the offer would have to do in it.</summary>
/// <param name="Segment">Key; null for everybody.</param>
/// <param name="Customers">As of the last computation.</param>
/// <param name="Ordering">Share who ordered in the last window of so many days, 0..1; null without any known then.</param>
/// <param name="Baseline">μ0: share who placed an order that earns the offer; null as above.</param>
/// <param name="BreakEven">Share that has to order because of the offer; null where none pays, or it cannot be told.</param>
/// <param name="ToSureBuyers">What goes to those who order anyway, a hundred customers told of it; money.</param>
/// <param name="Detectable">Smallest difference that a 50:50 split sees; null with nobody in it.</param>
public sealed record SegmentBreakEven(
    string? Segment, long Customers, double? Ordering, double? Baseline, double? BreakEven, double? ToSureBuyers, double? Detectable);

/// <summary>The page "What we can say", in figures. Nothing in it is an effect unless a random holdout measured it.</summary>
/// <param name="Orders">Null before the first import of orders.</param>
/// <param name="Described">Whether customers were described since they came in: segments and RFM need it.</param>
/// <param name="Rfm">Null before that.</param>
/// <param name="Response">Null where there is too little of a past.</param>
/// <param name="Question">The offer weighed.</param>
/// <param name="Offer">What it means for the orders; null without orders.</param>
/// <param name="Segments">Everybody first, then where customers stand; empty without orders.</param>
/// <param name="Experiment">Advice for everybody, or the segment asked for; null where it cannot be given yet.</param>
/// <param name="Campaigns">Imported past campaigns with what they did, or why they are not believed.</param>
/// <param name="Regions">Why regions cannot be held back instead of persons; null where they could.</param>
public sealed record FirstStepsReport(
    FirstStep Step, ShopOrders? Orders, bool Described, RfmTable? Rfm, OrderResponse? Response, OfferQuestion Question, OfferEconomics? Offer,
    IReadOnlyList<SegmentBreakEven> Segments, FirstExperiment? Experiment, RegionRefusal? Regions, IReadOnlyList<PastCampaignReading> Campaigns)
{
    public SegmentBreakEven? Asked => Segments.FirstOrDefault(s => s.Segment == Question.Segment);
}
