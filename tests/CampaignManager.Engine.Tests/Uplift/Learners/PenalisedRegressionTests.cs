using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Linear;

namespace CampaignManager.Engine.Tests.Uplift.Learners;

public sealed class PenalisedRegressionTests
{
    private static (double[][] Z, byte[] Arm, double[] Y) Data(int rows, double[] main, double[] product, bool logit, ulong seed)
    {
        var random = new SeededRandom(seed);
        double[][] z = [.. Enumerable.Range(0, rows).Select(_ => new[] { 1, random.NextNormal(), random.NextNormal(), random.NextNormal() })];
        byte[] arm = [.. z.Select(_ => (byte)(random.NextDouble() < 0.5 ? 1 : 0))];
        double[] y = [.. z.Select((row, i) =>
        {
            double eta = Enumerable.Range(0, 4).Sum(j => row[j] * (main[j] + arm[i] * product[j]));
            return logit ? (random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1.0 : 0.0) : eta + random.NextNormal();
        })];
        return (z, arm, y);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_KnownCoefficients_AreFoundWithinTheirError(bool logit)
    {
        double[] main = [-1, 0.5, 0, -0.3], product = [0.4, 0.6, 0, 0];
        var (z, arm, y) = Data(20_000, main, product, logit, 3);
        double[][] by = PenalisedRegression.Fit(z, 4, arm, true, y, null, logit, new FitContext(1));
        double tolerance = logit ? 0.12 : 0.05;
        for (int j = 0; j < 4; j++)
        {
            Assert.Equal(main[j], by[0][j], tolerance);
            Assert.Equal(main[j] + product[j], by[1][j], tolerance);
        }
    }

    [Fact]
    public void Fit_NoDifferencesOfEffect_ProductsShrinkToNearlyNothing()
    {
        var (z, arm, y) = Data(2000, [-1, 0.5, 0, -0.3], [0.4, 0, 0, 0], true, 4);
        double[][] by = PenalisedRegression.Fit(z, 4, arm, true, y, null, true, new FitContext(1));
        // Unpenalised their error would be about 0.1.
        for (int j = 1; j < 4; j++) Assert.InRange(by[1][j] - by[0][j], -0.04, 0.04);
        Assert.InRange(by[1][0] - by[0][0], 0.2, 0.6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_Sparse_DropsProductsThatDoNotShowAndKeepsTheOthers(bool logit)
    {
        var (z, arm, y) = Data(20_000, [-1, 0.5, 0, -0.3], [0.4, 0.6, 0, 0], logit, 3);
        double[][] by = PenalisedRegression.Fit(z, 4, arm, true, y, null, logit, new FitContext(1), sparse: true);
        Assert.Equal(0.6, by[1][1] - by[0][1], logit ? 0.15 : 0.06);
        Assert.Equal(0, by[1][2] - by[0][2]);
        Assert.Equal(0, by[1][3] - by[0][3]);
        // The outcome's own part stays, dropped products or not.
        Assert.Equal(-0.3, by[0][3], 0.06);
    }

    [Fact]
    public void Fit_OneArm_IsLeastSquaresWhenDataArePlenty()
    {
        var (z, _, y) = Data(30_000, [2, 1, -1, 0.5], [0, 0, 0, 0], false, 5);
        double[] b = PenalisedRegression.Fit(z, 4, new byte[z.Length], false, y, null, false, new FitContext(1))[0];
        Assert.Equal(2, b[0], 0.03);
        Assert.Equal(1, b[1], 0.03);
        Assert.Equal(-1, b[2], 0.03);
    }

    [Fact]
    public void Fit_PerfectSeparation_StaysFinite()
    {
        double[][] z = [.. Enumerable.Range(0, 200).Select(i => new[] { 1.0, i < 100 ? -1 : 1 })];
        double[] y = [.. Enumerable.Range(0, 200).Select(i => i < 100 ? 0.0 : 1.0)];
        double[] b = PenalisedRegression.Fit(z, 2, new byte[200], false, y, null, true, new FitContext(1))[0];
        Assert.All(b, value => Assert.True(double.IsFinite(value)));
        Assert.True(b[1] > 1);
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_SameCoefficients()
    {
        var (z, arm, y) = Data(5000, [-1, 0.5, 0, -0.3], [0.4, 0.6, 0, 0], true, 6);
        Assert.Equal(
            PenalisedRegression.Fit(z, 4, arm, true, y, null, true, new FitContext(1, 1))[1],
            PenalisedRegression.Fit(z, 4, arm, true, y, null, true, new FitContext(1, 4))[1]);
    }
}
