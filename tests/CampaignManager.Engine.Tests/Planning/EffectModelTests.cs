using CampaignManager.Engine.Planning;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class EffectModelTests
{
    private static readonly double[] Truth = [0.02, 0.03, -0.01];
    private static readonly int[] Blocks = [-1, 0, 0];

    [Fact]
    public void Fit_LinearTruth_SegmentMeansWithinTheirErrors()
    {
        var model = EffectModel.Fit(Simulate(rows: 60_000, campaignSd: 0, seed: 3), Blocks, new double[8]);
        foreach (var phi in (double[][])[[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 0.3, 0.4]])
        {
            var expected = Truth[0] + (Truth[1] * phi[1]) + (Truth[2] * phi[2]);
            var error = Math.Sqrt(model.Variance(0, phi));
            Assert.InRange(error, 0.0005, 0.02);
            Assert.InRange(model.Predict(0, phi), expected - (4 * error), expected + (4 * error));
        }
    }

    [Fact]
    public void Fit_ManyShops_NinetyPercentIntervalsCover()
    {
        double[] phi = [1, 0.5, 0.5];
        var expected = Truth[0] + (0.5 * Truth[1]) + (0.5 * Truth[2]);
        var covered = 0;
        const int shops = 100;
        for (var seed = 1; seed <= shops; seed++)
        {
            var model = EffectModel.Fit(Simulate(rows: 4_000, campaignSd: 0.02, seed: (ulong)seed), Blocks, new double[8], drawCount: 60, seed: (ulong)seed);
            var half = StudentT.Quantile(0.95, model.DegreesOfFreedom) * Math.Sqrt(model.Variance(0, phi) + model.CampaignVariance[0]);
            if (Math.Abs(model.Predict(0, phi) - expected) <= half)
                covered++;
        }

        // A new campaign's own luck (τ²) is part of the interval, the mean is its centre: coverage of the mean is at least nominal.
        Assert.InRange(covered, 85, 100);
    }

    [Fact]
    public void Fit_CampaignsDiffer_VarianceBetweenThemIsFound()
    {
        var calm = Enumerable.Range(1, 10).Average(s => EffectModel.Fit(Simulate(8_000, 0, (ulong)s), Blocks, new double[8], 40).CampaignVariance[0]);
        var wild = Enumerable.Range(1, 10).Average(s => EffectModel.Fit(Simulate(8_000, 0.06, (ulong)s), Blocks, new double[8], 40).CampaignVariance[0]);
        Assert.InRange(Math.Sqrt(wild), 0.03, 0.12);
        Assert.True(calm < wild / 4, $"{calm} against {wild}");
    }

    [Fact]
    public void Fit_Twice_SameNumbers()
    {
        var one = EffectModel.Fit(Simulate(2_000, 0.01, 5), Blocks, new double[8]).ToState();
        var two = EffectModel.Fit(Simulate(2_000, 0.01, 5), Blocks, new double[8]).ToState();
        Assert.Equal(one.Coefficients[0], two.Coefficients[0]);
        Assert.Equal(one.Draws[7], two.Draws[7]);
    }

    [Fact]
    public void Fit_NoRows_Refused() =>
        Assert.Throws<ArgumentException>(() => EffectModel.Fit(new EffectStatistics(3, 1, 16, 8), Blocks, new double[8]));

    [Fact]
    public void Add_TargetNotFinite_Refused() =>
        Assert.Throws<ArgumentException>(() => new EffectStatistics(1, 1, 1, 1).Add([1], [double.NaN], 0, 0));

    private static EffectStatistics Simulate(int rows, double campaignSd, ulong seed)
    {
        var random = new SeededRandom(seed);
        var statistics = new EffectStatistics(3, 1, 64, 8);
        var luck = Enumerable.Range(0, 8).Select(_ => campaignSd * random.NextNormal()).ToArray();
        for (var i = 0; i < rows; i++)
        {
            double a = random.NextDouble() < 0.5 ? 1 : 0, b = random.NextDouble();
            var campaign = i % 8;
            var y = Truth[0] + (Truth[1] * a) + (Truth[2] * b) + luck[campaign] + (0.6 * random.NextNormal());
            statistics.Add([1, a, b], [y], random.NextInt(64), campaign);
        }

        return statistics;
    }
}
