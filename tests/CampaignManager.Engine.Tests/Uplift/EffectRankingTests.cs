using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class EffectRankingTests
{
    [Fact]
    public void Metrics_SmallSet_AreThoseByHand()
    {
        var ranking = new EffectRanking([1, 3, -1, 1], [0.1, 0.9, 0.1, 0.5]);
        // Sorted: 3, 1, then the tied pair (−1 and 1), which enters as one.
        Assert.Equal([new CurvePoint(0, 0), new CurvePoint(1, 3), new CurvePoint(2, 4), new CurvePoint(4, 4)], ranking.Curve());
        UpliftMetrics metrics = ranking.Metrics();
        // 1.5 + 3.5 + 8 under the curve, 8 under the diagonal, over 4².
        Assert.Equal((13 - 8) / 16.0, metrics.QiniAbs, 12);
        Assert.Equal((1.0, double.NaN, double.NaN), (metrics.Ate, metrics.Qini, metrics.Auuc));
        // A tenth of four rows is none, 30 % is the first.
        Assert.Equal((double.NaN, 3.0), (metrics.U10, metrics.U30));
    }

    [Fact]
    public void Metrics_RandomisedArms_AgreeWithTheRankingByArms()
    {
        var random = new SeededRandom(4);
        const int N = 40_000;
        double[] y = new double[N], score = new double[N], gamma = new double[N];
        bool[] treated = new bool[N];
        for (int i = 0; i < N; i++)
        {
            score[i] = random.NextDouble();
            treated[i] = random.NextDouble() < 0.5;
            y[i] = random.NextDouble() < 0.2 + (treated[i] ? 0.3 * score[i] : 0) ? 1 : 0;
            double mu0 = 0.2, mu1 = 0.2 + 0.3 * score[i];
            gamma[i] = mu1 - mu0 + (treated[i] ? (y[i] - mu1) / 0.5 : -(y[i] - mu0) / 0.5);
        }
        UpliftMetrics byScores = new EffectRanking(gamma, score).Metrics(), byArms = new UpliftRanking(y, treated, score).Metrics();
        Assert.Equal(byArms.Ate, byScores.Ate, 0.005);
        Assert.Equal(byArms.U30, byScores.U30, 0.01);
        Assert.Equal(byArms.AuucAbs, byScores.AuucAbs, 0.003);
        Assert.Equal(0.15, byScores.Ate, 0.015);
    }

    [Fact]
    public void Intervals_CoverTheTruthAsOftenAsTheySay()
    {
        int covered = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var random = new SeededRandom(seed);
            double[] gamma = new double[300];
            // Three rows a customer that share most of their noise: drawn by row, the interval would be far too narrow.
            for (int i = 0; i < gamma.Length; i++) gamma[i] = i % 3 == 0 ? 0.5 + random.NextNormal() : gamma[i - 1];
            int[] customers = [.. Enumerable.Range(0, 300).Select(i => 1000 + i / 3)];
            Estimate ate = new EffectRanking(gamma, [.. gamma.Select((_, i) => (double)i)]).Intervals(customers).Ate;
            if (ate.Low <= 0.5 && 0.5 <= ate.High) covered++;
        }
        // 95 of 100 with a standard deviation of 2.2; percentiles of 100 customers run a little narrow.
        Assert.InRange(covered, 87, 100);
    }

    [Fact]
    public void Construct_NaNOrOtherLengths_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new EffectRanking([1, double.NaN], [0, 1]));
        Assert.Throws<ArgumentException>(() => new EffectRanking([1], [0, 1]));
        Assert.Throws<ArgumentException>(() => new EffectRanking([1, 2], [0, 1]).Intervals([1]));
    }

    [Fact]
    public void CalibrationByScores_PredictedTruth_IsMetWithinItsInterval()
    {
        var random = new SeededRandom(9);
        double[] score = new double[20_000], gamma = new double[20_000];
        for (int i = 0; i < score.Length; i++) gamma[i] = (score[i] = random.NextDouble()) + random.NextNormal();
        CalibrationReport report = Calibration.ByScores(gamma, new bool[score.Length], score);
        Assert.Equal(10, report.Deciles.Count);
        Assert.InRange(report.Deciles.Count(d => d.Realised.Low <= d.Predicted && d.Predicted <= d.Realised.High), 8, 10);
        Assert.Equal(0.95, report.Deciles[0].Predicted, 0.01);
        Assert.InRange(report.ExpectedError, 0, 0.03);
    }
}
