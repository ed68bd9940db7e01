using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Experiments;

public sealed class WelchTests
{
    [Fact]
    public void Difference_ByHand_MatchesWelch()
    {
        // a = 1..5: mean 3, s² 2.5, n 5. b = 2, 4, 6: mean 4, s² 4, n 3. SE² = 0.5 + 4/3 = 11/6; df = (11/6)² / (0.25/4 + (16/9)/2) = 3.5330.
        DifferenceInterval d = Welch.Difference(ArmStatistics.Of([1, 2, 3, 4, 5]), ArmStatistics.Of([2, 4, 6]));
        Assert.Equal(-1, d.Estimate, 1e-12);
        Assert.Equal(Math.Sqrt(11.0 / 6), d.StandardError, 1e-12);
        Assert.Equal(121.0 / 36 / (0.0625 + 8.0 / 9), d.DegreesOfFreedom, 1e-9);
        Assert.Equal(StudentT.Quantile(0.975, d.DegreesOfFreedom) * d.StandardError, d.High - d.Estimate, 1e-9);
    }

    [Fact]
    public void DifferenceOfProportions_LargeArms_IsTheUsualInterval()
    {
        DifferenceInterval d = Welch.DifferenceOfProportions(1200, 10_000, 1000, 10_000);
        Assert.Equal(0.02, d.Estimate, 1e-12);
        Assert.Equal(Math.Sqrt((0.12 * 0.88 + 0.1 * 0.9) / 9999), d.StandardError, 1e-12);
        Assert.True(d.PValue < 1e-5);
    }

    [Fact]
    public void Plus_TwoParts_EqualsTheWhole()
    {
        ArmStatistics whole = ArmStatistics.Of([1, 5, 2, 8, 3]), parts = ArmStatistics.Of([1, 5]) + ArmStatistics.Of([2, 8, 3]);
        Assert.Equal(whole, parts);
        Assert.Equal(3.8, parts.Mean, 1e-12);
        Assert.Equal(7.7, parts.Variance, 1e-12);
    }

    [Fact]
    public void Difference_OneCustomerInAnArm_NoInterval()
    {
        DifferenceInterval d = Welch.Difference(ArmStatistics.Of([1]), ArmStatistics.Of([1, 2]));
        Assert.Equal(-0.5, d.Estimate, 1e-12);
        Assert.Equal(double.NaN, d.Low);
    }

    [Theory]
    [InlineData(0, 20, 0, 20)]
    [InlineData(20, 20, 0, 20)]
    [InlineData(5, 5, 8, 8)]
    public void Difference_NoSpreadInEitherArm_TellsNothing(long treated, long treatedCount, long control, long controlCount)
    {
        DifferenceInterval d = Welch.DifferenceOfProportions(treated, treatedCount, control, controlCount);
        Assert.Equal(((double)treated / treatedCount) - ((double)control / controlCount), d.Estimate, 1e-12);
        Assert.All([d.StandardError, d.Low, d.High, d.PValue], value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public void Difference_SpreadInOneArm_HasAnInterval()
    {
        DifferenceInterval d = Welch.DifferenceOfProportions(3, 50, 0, 50);
        Assert.True(d.Low < 0.06 && d.High > 0.06 && d.PValue is > 0 and < 1);
    }

    [Fact]
    public void Difference_SameDistribution_FalseAlarmsAtFivePercent()
    {
        // 1,000 A/A runs with unequal sizes and variances: 5 % within the binomial band (±4 standard deviations of 6.9).
        var random = new SeededRandom(99);
        int alarms = 0;
        for (int run = 0; run < 1000; run++)
        {
            double[] a = new double[40], b = new double[15];
            for (int i = 0; i < a.Length; i++) a[i] = random.NextNormal();
            for (int i = 0; i < b.Length; i++) b[i] = 3 * random.NextNormal();
            if (Welch.Difference(ArmStatistics.Of(a), ArmStatistics.Of(b)).PValue < 0.05) alarms++;
        }
        Assert.InRange(alarms, 23, 77);
    }

    [Fact]
    public void Test_KnownTable_MatchesChiSquared()
    {
        // 5,200 : 4,800 against half and half: χ² = 200²/5000 · 2 = 16, p = 6.334e-5.
        SampleRatioResult result = SampleRatio.Test([5200, 4800], [0.5, 0.5]);
        Assert.Equal(16, result.ChiSquare, 1e-9);
        Assert.Equal(6.334248e-5, result.PValue, 1e-10);
        Assert.True(result.Alarm);
        Assert.False(SampleRatio.Test([8030, 1970], [0.8, 0.2]).Alarm);
        Assert.Equal(1, SampleRatio.Test([0, 0], [1, 1]).PValue);
    }
}
