using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Experiments;

public sealed class EffectTotalTests
{
    [Fact]
    public void OfTreated_ByHand_IsLiftTimesTreated()
    {
        // 1..5 against 2, 4, 6: lift −1, SE² 11/6; five treated.
        EffectTotal total = EffectTotal.OfTreated(ArmStatistics.Of([1, 2, 3, 4, 5]), ArmStatistics.Of([2, 4, 6]));
        Assert.Equal(-5, total.Value, 1e-12);
        Assert.Equal(25 * 11.0 / 6, total.Variance, 1e-9);
        Assert.Equal(121.0 / 36 / (0.0625 + 8.0 / 9), total.DegreesOfFreedom, 1e-9);
    }

    [Fact]
    public void Sum_TwoTotals_AddsVariancesAndPoolsFreedom()
    {
        EffectTotal sum = EffectTotal.Sum([new EffectTotal(10, 4, 8), new EffectTotal(-3, 2, 4)]);
        Assert.Equal(7, sum.Value, 1e-12);
        Assert.Equal(6, sum.Variance, 1e-12);
        Assert.Equal(36 / (16.0 / 8 + 4.0 / 4), sum.DegreesOfFreedom, 1e-12);
        (double low, double high) = sum.Interval(0.9);
        Assert.Equal(2 * StudentT.Quantile(0.95, 12) * Math.Sqrt(6), high - low, 1e-9);
    }

    [Fact]
    public void Sum_OfNothing_IsNoneWithAPointInterval()
    {
        Assert.Equal(EffectTotal.None, EffectTotal.Sum([]));
        Assert.Equal((0d, 0d), EffectTotal.None.Interval());
    }

    [Fact]
    public void Interval_ArmTooSmall_IsNotKnown()
    {
        EffectTotal total = EffectTotal.Sum([new EffectTotal(10, 4, 8), EffectTotal.OfTreated(ArmStatistics.Of([3]), ArmStatistics.Of([1, 2]))]);
        Assert.Equal(double.NaN, total.Interval().Low);
    }

    [Fact]
    public void Interval_EverybodyAlike_IsNotKnown()
    {
        EffectTotal total = EffectTotal.OfTreated(ArmStatistics.Of([5, 5, 5]), ArmStatistics.Of([2, 2]));
        Assert.Equal(9, total.Value, 1e-12);
        Assert.Equal((double.NaN, double.NaN), total.Interval());
        Assert.Equal((double.NaN, double.NaN), new EffectTotal(3, 0, 10).Interval());
    }

    [Fact]
    public void Sum_WithAnExperimentInWhichNobodyDidAnything_IsThatOfTheOthers()
    {
        EffectTotal nobody = EffectTotal.OfTreated(ArmStatistics.Of([0, 0, 0]), ArmStatistics.Of([0, 0])), other = new(10, 4, 8);
        Assert.Equal(double.NaN, nobody.Interval().Low);
        Assert.Equal(other.Interval(), EffectTotal.Sum([nobody, other]).Interval());
    }

    [Fact]
    public void ReturnOnDiscount_ByHand_IsTheDeltaMethod()
    {
        // Treated margin 4, 0, 8, 0 with discount 1, 0, 2, 1; control margin 0, 4.
        // M = 4·(3 − 2) = 4, D = 4, R = 1, ROI 0. s²m = 44/3, s²c = 8: Var M = 16·(44/12 + 8/2) = 368/3. s²d = 2/3: Var D = 8/3.
        // Σmd = 20, cov = (20 − 12·4/4)/3 = 8/3, times n: 32/3. Var R = (368/3 − 64/3 + 8/3)/16 = 312/48.
        ReturnPart part = ReturnPart.Of(ArmStatistics.Of([4, 0, 8, 0]), ArmStatistics.Of([0, 4]), ArmStatistics.Of([1, 0, 2, 1]), 20);
        EffectTotal roi = ReturnOnDiscount.Of([part])!.Value;
        Assert.Equal(0, roi.Value, 1e-12);
        Assert.Equal(312.0 / 48, roi.Variance, 1e-9);
        Assert.Null(ReturnOnDiscount.Of([]));
    }

    [Fact]
    public void ReturnOnDiscount_ManyDraws_CoversTheTruth()
    {
        // Who buys (20 % against 15 %) brings a margin of 10 ± 3 and, treated, costs 2: per customer lift 0.5, discount 0.4, so ROI is 0.25.
        var random = new SeededRandom(7);
        int covered = 0;
        const int Runs = 1000;
        for (int run = 0; run < Runs; run++)
        {
            double[] treated = new double[800], discount = new double[800], control = new double[400];
            double products = 0;
            for (int i = 0; i < treated.Length; i++)
            {
                if (random.NextDouble() >= 0.20) continue;
                treated[i] = 10 + 3 * random.NextNormal();
                discount[i] = 2;
                products += treated[i] * discount[i];
            }
            for (int i = 0; i < control.Length; i++)
                if (random.NextDouble() < 0.15) control[i] = 10 + 3 * random.NextNormal();
            ReturnPart part = ReturnPart.Of(ArmStatistics.Of(treated), ArmStatistics.Of(control), ArmStatistics.Of(discount), products);
            (double low, double high) = ReturnOnDiscount.Of([part])!.Value.Interval();
            if (low <= 0.25 && 0.25 <= high) covered++;
        }
        Assert.InRange(covered, 930, 970);
    }
}
