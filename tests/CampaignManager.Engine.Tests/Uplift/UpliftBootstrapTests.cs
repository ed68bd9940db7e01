using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class UpliftBootstrapTests
{
    internal static UpliftRanking Simulated(ulong seed, int rows, double ate = 0.05, double slope = 0.1)
    {
        var random = new SeededRandom(seed);
        double[] y = new double[rows], score = new double[rows];
        bool[] treated = new bool[rows];
        for (int i = 0; i < rows; i++)
        {
            double x = random.NextDouble() - 0.5;
            treated[i] = random.NextDouble() < 0.5;
            score[i] = x;
            y[i] = random.NextDouble() < 0.2 + (treated[i] ? ate + slope * x : 0) ? 1 : 0;
        }
        return new UpliftRanking(y, treated, score);
    }

    [Fact]
    public void Metrics_WeightedRows_EqualRepeatedRows()
    {
        var random = new SeededRandom(5);
        const int rows = 300;
        double[] y = new double[rows], score = new double[rows];
        bool[] treated = new bool[rows];
        int[] weights = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            // Strictly falling scores, some tied: the sorted position of a row is known.
            score[i] = -(i / 3);
            treated[i] = random.NextDouble() < 0.4;
            y[i] = random.NextDouble() < 0.3 ? 1 : 0;
            weights[i] = random.NextPoisson(1);
        }
        // Ties are read later row first, so reverse each triple to make file order the sorted order.
        int[] inOrder = Enumerable.Range(0, rows).Select(i => i / 3 * 3 + 2 - i % 3).ToArray();
        var plain = new UpliftRanking(y, treated, score);
        int[] repeated = Enumerable.Range(0, rows).SelectMany(i => Enumerable.Repeat(i, weights[Array.IndexOf(inOrder, i)])).ToArray();
        var expanded = new UpliftRanking(repeated.Select(i => y[i]).ToArray(), repeated.Select(i => treated[i]).ToArray(), repeated.Select(i => score[i]).ToArray());

        UpliftMetrics a = plain.Metrics(weights), b = expanded.Metrics();

        Assert.Equal(b.Qini, a.Qini, 1e-12);
        Assert.Equal(b.Auuc, a.Auuc, 1e-12);
        Assert.Equal(b.QiniAbs, a.QiniAbs, 1e-12);
        Assert.Equal(b.U10, a.U10, 1e-12);
        Assert.Equal(b.U30, a.U30, 1e-12);
        Assert.Equal(b.Ate, a.Ate, 1e-12);
    }

    [Fact]
    public void Intervals_SameSeed_SameInterval()
    {
        UpliftRanking ranking = Simulated(3, 2000);
        Assert.Equal(UpliftBootstrap.Intervals(ranking), UpliftBootstrap.Intervals(ranking));
        Assert.NotEqual(UpliftBootstrap.Intervals(ranking), UpliftBootstrap.Intervals(ranking, seed: 4));
    }

    [Fact]
    public void Intervals_KnownAte_CoverAtTheirLevel()
    {
        // 200 simulated experiments with a true effect of 0.05; the binomial band of 95 % over 200 is about 0.91 .. 0.985.
        int covered = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            Estimate ate = UpliftBootstrap.Intervals(Simulated(seed, 800)).Ate;
            if (ate.Low <= 0.05 && ate.High >= 0.05) covered++;
        }
        Assert.InRange(covered, 181, 198);
    }

    [Fact]
    public void Intervals_AteWidth_MatchesTheStandardError()
    {
        // Standard error of a difference of proportions about 0.2/0.25 with 10,000 rows an arm: 0.0059.
        Estimate ate = UpliftBootstrap.Intervals(Simulated(11, 20_000), draws: 400).Ate;
        Assert.Equal(2 * 1.96 * 0.0059, ate.High - ate.Low, 0.0035);
    }
}
