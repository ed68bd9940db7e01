using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Engine.Tests.Planning;

/// <summary>What is said beside a prediction: what would turn it round, how far the budget reaches, where it lies outside.</summary>
public sealed class PlannedReasonsTests
{
    private static readonly FullReduction Offer = new() { Tiers = [new SpendTier(200, 30)] };

    [Fact]
    public void SignFlip_SeveralWays_IsTheSmallestChangeOfEither()
    {
        var now = APrediction(-50, -80, 30);
        (string, double, CampaignPrediction)[] tried =
        [
            (OfferKnobs.Threshold, 300, APrediction(10, -20, 30)),
            (OfferKnobs.Threshold, 250, APrediction(-5, -60, 40)),
            (OfferKnobs.Off, 24, APrediction(4, -10, 14)),
            (OfferKnobs.Off, 15, APrediction(9, 5, -1)),
        ];
        var flips = SignFlip.Of(now, tried, Offer);

        // ¥30 to ¥24 is nearer than ¥200 to ¥300; new customers turn only at half the discount, and so do loyal ones, the other way.
        Assert.Equal(
            [("total", OfferKnobs.Off, 30.0, 24.0, 4.0), ("new", OfferKnobs.Off, 30.0, 15.0, 5.0),
                ("loyal", OfferKnobs.Off, 30.0, 15.0, -1.0)],
            flips.Select(f => (f.Segment, f.Knob, f.From, f.To, f.After)));
    }

    [Fact]
    public void SignFlip_SameSignEverywhere_None() =>
        Assert.Empty(SignFlip.Of(APrediction(5, 2, 3), [(OfferKnobs.Off, 15, APrediction(8, 4, 4))], Offer));

    [Theory]
    [InlineData(1_000, 2_000, 2_500, 20, 10.0, 8.0)]
    [InlineData(1_000, 900, 2_000, 20, null, 10.0)]
    [InlineData(1_000, 900, 950, 20, null, null)]
    [InlineData(0, 10, 20, 20, 0.0, 0.0)]
    public void BudgetEnd_EvenPace_IsTheShareOfTheDays(double left, double cost, double high, double days, double? until, double? earliest)
    {
        var end = BudgetEnd.Of(left, cost, high, days);
        Assert.Equal((until, earliest, cost / days), (end.Days, end.EarliestDays, end.PerDay));
    }

    [Fact]
    public void Named_OutsideTwoWays_SaysTheNumbersAndTheRanges()
    {
        var range = new OfferRange([new OfferPosition("fullReduction", 100, 0.05, 1), new OfferPosition("fullReduction", 400, 0.20, 0.25)]);
        var named = range.Named(new OfferPosition("percentOff", 200, 0.30, 0.5));
        Assert.Equal([OutsideTried.Mechanic, OutsideTried.DepthHigh], named.Select(n => n.What));
        Assert.Equal((0.30, 0.05, 0.20), (named[1].Value, named[1].Low, named[1].High));
    }

    private static CampaignPrediction APrediction(double total, double newcomers, double loyal) => new(
        Guid.Empty, false, [Line("new", "lifecycle", newcomers), Line("loyal", "lifecycle", loyal)], Line(Segments.Total, "total", total),
            "CNY", 0, 1, 1, 10, 0);

    private static SegmentPrediction Line(string segment, string kind, double net) =>
        new(segment, kind, 100, 0, 0, 0, 0, 0, 0, 0, 0, net, net - 1, net + 1, null);
}
