using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Statistics;

public sealed class FiellerTests
{
    [Fact]
    public void Interval_DenominatorKnownForSure_IsThatOfTheNumeratorDivided()
    {
        var (low, high) = Fieller.Interval(10, 4, 9, 0, 0, 2)!.Value;
        Assert.Equal((10 - 6) / 4.0, low, 12);
        Assert.Equal((10 + 6) / 4.0, high, 12);
    }

    [Fact]
    public void Interval_EachEnd_IsWhereTheDifferenceIsJustNotTold()
    {
        const double Quantile = 1.96;
        var (low, high) = Fieller.Interval(3, 10, 4, 2.25, -1.5, Quantile)!.Value;
        Assert.True(low < 0.3 && 0.3 < high);
        foreach (var ratio in (double[])[low, high])
        {
            var variance = 4 - 2 * ratio * -1.5 + ratio * ratio * 2.25;
            Assert.Equal(Quantile * Math.Sqrt(variance), Math.Abs(3 - ratio * 10), 9);
        }
    }

    [Fact]
    public void Interval_DenominatorMayBeZero_HasNoEnds() => Assert.Null(Fieller.Interval(3, 2, 1, 1, 0, 2));
}
