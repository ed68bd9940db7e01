using CampaignManager.Engine.Planning;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class OfferRangeTests
{
    private static readonly OfferRange Range = new(
    [
        new OfferPosition("fullReduction", 100, 0.10, 1),
        new OfferPosition("fullReduction", 400, 0.20, 0.25),
        new OfferPosition("freeShipping", 60, 0.15, 1),
    ]);

    [Theory]
    [InlineData("fullReduction", 200, 0.15, 0.5, 0)]
    [InlineData("fullReduction", 400, 0.20, 1, 0)]
    [InlineData("percentOff", 200, 0.15, 0.5, 1)]
    public void Distance_InsideTheRange_ZeroButForNewMechanics(string mechanic, double threshold, double depth, double breadth, double expected) =>
        Assert.Equal(expected, Range.Distance(new OfferPosition(mechanic, threshold, depth, breadth)), 9);

    [Fact]
    public void Distance_DeeperThanEverTried_InUnitsOfTheRange() =>
        // Depth range 0.10 .. 0.20; 0.30 is one range away from the nearest (0.20), which differs in nothing else.
        Assert.Equal(1, Range.Distance(new OfferPosition("fullReduction", 400, 0.30, 0.25)), 9);

    [Theory]
    [InlineData("fullReduction", 200, 0.15, 0.5)]
    [InlineData("percentOff", 200, 0.15, 0.5, OutsideTried.Mechanic)]
    [InlineData("fullReduction", 50, 0.15, 0.5, OutsideTried.ThresholdLow)]
    [InlineData("fullReduction", 401, 0.30, 0.1, OutsideTried.ThresholdHigh, OutsideTried.DepthHigh, OutsideTried.BreadthLow)]
    [InlineData("gift", 100, 0.05, 1, OutsideTried.Mechanic, OutsideTried.DepthLow)]
    public void Outside_AnyOffer_NamesTheDimensionsExactlyWhereThereIsADistance(
        string mechanic, double threshold, double depth, double breadth, params OutsideTried[] expected)
    {
        var offer = new OfferPosition(mechanic, threshold, depth, breadth);
        Assert.Equal(expected, Range.Outside(offer));
        Assert.Equal(expected.Length > 0, Range.Distance(offer) > 0);
    }

    [Fact]
    public void Distance_NothingTried_Infinite() =>
        Assert.Equal(double.PositiveInfinity, new OfferRange([]).Distance(new OfferPosition("fullReduction", 100, 0.1, 1)));

    [Fact]
    public void Difference_SameOffer_Zero()
    {
        var offer = new OfferPosition("fullReduction", 200, 0.15, 0.5);
        Assert.Equal(0, Range.Difference(offer, offer), 12);
        Assert.Equal(1, Range.Difference(offer, offer with { Mechanic = "percentOff" }), 12);
    }
}
