using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class PopulationStabilityTests
{
    /// <summary>Shares .5 .3 .2 then, .4 .3 .3 now: (−.1)·ln .8 + 0 + .1·ln 1.5 = .0223144 + .0405465 = .0628609.</summary>
    [Fact]
    public void Index_ThreeLevels_IsAsWorkedOutByHand() =>
        Assert.Equal(0.0628609, PopulationStability.Index([50, 30, 20], [40, 30, 30]), 1e-7);

    /// <summary>Sizes do not matter, only shares.</summary>
    [Fact]
    public void Index_SameShares_IsZero() => Assert.Equal(0, PopulationStability.Index([1, 2, 7], [100, 200, 700]), 1e-12);

    /// <summary>Half a count to each of two bins: p = (100.5, .5)/101, q = (90.5, 10.5)/101; (q−p)·ln(q/p) = −.0990099·ln(90.5/100.5) + .0990099·ln 21 = .0103777 + .3014373.</summary>
    [Fact]
    public void Index_EmptyBin_IsSmoothedNotInfinite()
    {
        var index = PopulationStability.Index([100, 0], [90, 10]);
        Assert.Equal(0.3118150, index, 1e-6);
        Assert.True(index > PopulationStability.Alarm);
    }

    [Fact]
    public void Index_BinEmptyOnBothSides_CountsForNothing() =>
        Assert.Equal(PopulationStability.Index([50, 30, 20], [40, 30, 30]), PopulationStability.Index([50, 0, 30, 20], [40, 0, 30, 30]), 1e-12);

    [Fact]
    public void Index_NobodyThere_IsNotANumber() => Assert.True(double.IsNaN(PopulationStability.Index([1, 2], [0, 0])));

    [Fact]
    public void Index_OtherBins_Throws() => Assert.Throws<ArgumentException>(() => PopulationStability.Index([1, 2], [1, 2, 3]));

    /// <summary>0..10: deciles 1..9; a value on a cut belongs below it.</summary>
    [Fact]
    public void CutsAndCounts_ZeroToTen_AreTheDeciles()
    {
        double[] values = [10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, double.NaN];
        var cuts = PopulationStability.Cuts(values);
        Assert.Equal(9, cuts.Length);
        for (var i = 0; i < 9; i++)
            Assert.Equal(i + 1, cuts[i], 1e-12);
        Assert.Equal([2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], PopulationStability.Counts([10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, double.NaN], [1, 2, 3, 4, 5, 6, 7, 8, 9]));
    }

    [Fact]
    public void Cuts_TwoValues_PartThem() => Assert.Equal([0], PopulationStability.Cuts([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));

    [Fact]
    public void Cuts_MassAtTheTop_IsABinOfItsOwn() => Assert.Equal([0], PopulationStability.Cuts([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));

    [Fact]
    public void Cuts_AllEqualOrMissing_AreNone()
    {
        Assert.Empty(PopulationStability.Cuts([3, 3, 3]));
        Assert.Empty(PopulationStability.Cuts([double.NaN]));
    }

    [Fact]
    public void Index_ShiftedNormal_AlarmsAndTheSamePopulationDoesNot()
    {
        var random = new SeededRandom(1);
        double[] Draw(double mean) => [.. Enumerable.Range(0, 2000).Select(_ => mean + random.NextNormal())];
        var reference = Draw(0);
        var cuts = PopulationStability.Cuts(reference);
        var then = PopulationStability.Counts(reference, cuts);
        Assert.True(PopulationStability.Index(then, PopulationStability.Counts(Draw(0), cuts)) < 0.03);
        // The divergence of two unit normals a distance d apart is d² = .36; ten bins keep most of it.
        Assert.InRange(PopulationStability.Index(then, PopulationStability.Counts(Draw(0.6), cuts)), 0.25, 0.45);
    }
}
