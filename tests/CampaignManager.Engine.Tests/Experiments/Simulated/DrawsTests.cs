using CampaignManager.Engine.Statistics;
using CampaignManager.Simulation.Experiments;

namespace CampaignManager.Engine.Tests.Experiments.Simulated;

public class DrawsTests
{
    private const int Runs = 40_000;

    [Theory]
    [InlineData(9, 0.3)]
    [InlineData(40, 0.05)]
    [InlineData(25, 0.9)]
    public void Binomial_ManyDraws_FollowTheDistribution(long n, double p)
    {
        var random = new SeededRandom(1);
        var counts = new long[n + 1];
        for (var i = 0; i < Runs; i++)
            counts[Draws.Binomial(random, n, p)]++;

        double chiSquare = 0, others = 0, othersExpected = 0, freedom = 0;
        for (var k = 0; k <= n; k++)
        {
            var expected = Runs * Math.Exp(SpecialFunctions.LogGamma(n + 1) - SpecialFunctions.LogGamma(k + 1) - SpecialFunctions.LogGamma(n - k + 1)
                + k * Math.Log(p) + (n - k) * Math.Log(1 - p));
            if (expected < 10)
            {
                (others, othersExpected) = (others + counts[k], othersExpected + expected);
                continue;
            }

            chiSquare += (counts[k] - expected) * (counts[k] - expected) / expected;
            freedom++;
        }

        chiSquare += (others - othersExpected) * (others - othersExpected) / Math.Max(othersExpected, 1);
        Assert.True(ChiSquared.Survival(chiSquare, (int)freedom) > 0.001, $"χ² {chiSquare} with {freedom}");
    }

    [Fact]
    public void Binomial_ALargeArm_HasItsMeanAndVariance()
    {
        var random = new SeededRandom(2);
        double[] draws = [.. Enumerable.Range(0, Runs).Select(_ => (double)Draws.Binomial(random, 100_000, 0.05))];

        var mean = draws.Average();
        var variance = draws.Sum(d => (d - mean) * (d - mean)) / (Runs - 1);
        Assert.Equal(5000, mean, 5 * Math.Sqrt(4750.0 / Runs));
        Assert.Equal(4750, variance, 5 * 4750 * Math.Sqrt(2.0 / Runs));
    }

    [Fact]
    public void Multinomial_SumsToN_ByItsShares()
    {
        var random = new SeededRandom(3);
        double[] shares = [0.2, 0.5, 0, 0.3];
        var sums = new double[shares.Length];
        for (var i = 0; i < Runs / 10; i++)
        {
            var counts = Draws.Multinomial(random, 1000, shares);
            Assert.Equal(1000, counts.Sum());
            for (var k = 0; k < sums.Length; k++)
                sums[k] += counts[k];
        }

        for (var k = 0; k < sums.Length; k++)
            Assert.Equal(1000 * shares[k], sums[k] / (Runs / 10), 1.5);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9000L)]
    public void Mean_OfLogNormalBaskets_IsThatOfDraws(long? cap)
    {
        var baskets = new LogNormalBaskets(0.8);
        var random = new SeededRandom(4);
        double[] drawn = [.. Enumerable.Range(0, Runs).Select(_ => (double)Math.Min(baskets.Draw(random, 1.1), cap ?? long.MaxValue))];

        var sd = Math.Sqrt(drawn.Average(d => d * d) - drawn.Average() * drawn.Average());
        Assert.Equal(drawn.Average(), baskets.Mean(cap, 1.1), 4 * sd / Math.Sqrt(Runs));
        Assert.Equal(1, drawn.Average(d => d * d) / baskets.MeanSquare(cap, 1.1), cap is null ? 0.15 : 0.03);
    }
}
