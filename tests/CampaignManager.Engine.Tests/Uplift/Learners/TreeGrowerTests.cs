using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Tests.Uplift.Learners;

/// <summary>The trees against sums worked out by hand or the slow way.</summary>
public sealed class TreeGrowerTests
{
    private static FeatureMatrix Matrix(params float[][] rows)
    {
        var x = new FeatureMatrix(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++) rows[i].CopyTo(x.Row(i));
        return x;
    }

    [Fact]
    public void Fit_OneRound_SplitsWhereTheSquaresFallMost()
    {
        // y = 1, 1, 9, 9, 9 by x = 1..5: mean 5.8; the cut is at 2.5 and the leaves move a tenth of the way to (1 − 5.8) and (9 − 5.8).
        var x = Matrix([1], [2], [3], [4], [5]);
        int[] rows = [0, 1, 2, 3, 4];
        var ensemble = OutcomeBooster.Fit(BinnedFeatures.Of(x, rows), rows, [1, 1, 9, 9, 9], null, false, new BoostingSettings(2, 1, 0.1, 1, 0), new FitContext(1));
        Tree tree = Assert.Single(ensemble.Trees);
        Assert.Equal(2.5f, Assert.Single(tree.Thresholds));
        Assert.Equal(5.8, ensemble.Bias, 1e-9);
        Assert.Equal(-0.48, tree.Leaves[0], 1e-5);
        Assert.Equal(0.32, tree.Leaves[1], 1e-5);
    }

    [Fact]
    public void Fit_L2_ShrinksLeavesByTheirSize()
    {
        // Two rows left: −(2·4.8) / (2 + 3) at rate 1.
        var x = Matrix([1], [2], [3], [4], [5]);
        int[] rows = [0, 1, 2, 3, 4];
        var ensemble = OutcomeBooster.Fit(BinnedFeatures.Of(x, rows), rows, [1, 1, 9, 9, 9], null, false, new BoostingSettings(2, 1, 1, 1, 3), new FitContext(1));
        Assert.Equal(-9.6 / 5, ensemble.Trees[0].Leaves[0], 1e-5);
    }

    [Fact]
    public void Fit_SmallestLeaf_IsKept()
    {
        var random = new SeededRandom(4);
        float[][] data = [.. Enumerable.Range(0, 500).Select(_ => new[] { (float)random.NextNormal(), (float)random.NextNormal() })];
        var x = Matrix(data);
        int[] rows = [.. Enumerable.Range(0, 500)];
        double[] y = [.. data.Select(r => r[0] > 2 ? 100.0 : random.NextNormal())];
        var ensemble = OutcomeBooster.Fit(BinnedFeatures.Of(x, rows), rows, y, null, false, new BoostingSettings(6, 60, 0.3, 10, 1), new FitContext(1));
        foreach (Tree tree in ensemble.Trees)
            Assert.All(rows.CountBy(i => tree.Leaf(x.Row(i))), leaf => Assert.True(leaf.Value >= 60, $"leaf of {leaf.Value}"));
    }

    [Fact]
    public void Fit_LogLoss_ReachesTheRatesOfTheGroups()
    {
        var random = new SeededRandom(5);
        float[][] data = [.. Enumerable.Range(0, 4000).Select(i => new[] { i % 2f, (float)random.NextNormal() })];
        var x = Matrix(data);
        int[] rows = [.. Enumerable.Range(0, 4000)];
        double[] y = [.. data.Select(r => random.NextDouble() < (r[0] == 1 ? 0.7 : 0.1) ? 1.0 : 0.0)];
        var ensemble = OutcomeBooster.Fit(BinnedFeatures.Of(x, rows), rows, y, null, true, new BoostingSettings(2, 100, 0.3, 40, 0), new FitContext(1));
        foreach (int group in new[] { 0, 1 })
        {
            double rate = rows.Where(i => data[i][0] == group).Average(i => y[i]), said = rows.Where(i => data[i][0] == group).Average(i => ensemble.Score(x.Row(i)));
            Assert.Equal(rate, said, 0.01);
        }
    }

    [Fact]
    public void Fit_Weights_CountLikeRepeatedRows()
    {
        float[][] data = [[1], [2], [3], [4]];
        int[] rows = [0, 1, 2, 3];
        var settings = new BoostingSettings(2, 0, 0.5, 3, 0);
        var weighted = OutcomeBooster.Fit(BinnedFeatures.Of(Matrix(data), rows), rows, [0, 1, 5, 7], [1, 1, 3, 1], false, settings, new FitContext(1));
        int[] more = [0, 1, 2, 3, 4, 5];
        var x = Matrix([1], [2], [3], [3], [3], [4]);
        var repeated = OutcomeBooster.Fit(BinnedFeatures.Of(x, more), more, [0, 1, 5, 5, 5, 7], null, false, settings, new FitContext(1));
        Assert.All(data, row => Assert.Equal(repeated.Score(row), weighted.Score(row), 1e-4));
    }

    [Fact]
    public void Fit_ManyRows_SameWithAnyNumberOfThreads()
    {
        var random = new SeededRandom(6);
        var x = new FeatureMatrix(70_000, 6);
        double[] y = new double[70_000];
        for (int i = 0; i < y.Length; i++)
        {
            for (int j = 0; j < 6; j++) x.Row(i)[j] = (float)random.NextNormal();
            y[i] = x.Row(i)[0] * x.Row(i)[1] + random.NextNormal();
        }
        int[] rows = [.. Enumerable.Range(0, y.Length)];
        var settings = new BoostingSettings(8, 50, 0.1, 5, 1, 0.5, 0.7);
        TreeEnsemble Fit(int threads) => OutcomeBooster.Fit(BinnedFeatures.Of(x, rows, threads: threads), rows, y, null, false, settings, new FitContext(9, threads));
        TreeEnsemble one = Fit(1), four = Fit(4);
        for (int i = 0; i < y.Length; i += 97) Assert.Equal(one.Score(x.Row(i)), four.Score(x.Row(i)));
    }

    [Fact]
    public void Of_Bins_HoldTheValueBelowTheirCut()
    {
        var random = new SeededRandom(7);
        var x = Matrix([.. Enumerable.Range(0, 1000).Select(_ => new[] { (float)Math.Exp(2 * random.NextNormal()), 3f, random.NextInt(5) })]);
        int[] rows = [.. Enumerable.Range(0, 1000)];
        var bins = BinnedFeatures.Of(x, rows, 16);
        Assert.Equal(16, bins.Bins(0));
        Assert.Equal(1, bins.Bins(1));
        Assert.Equal(5, bins.Bins(2));
        foreach (int i in rows)
        {
            int bin = bins.Column(0)[i];
            if (bin > 0) Assert.True(x.Row(i)[0] > bins.Cuts(0)[bin - 1]);
            if (bin < 15) Assert.True(x.Row(i)[0] <= bins.Cuts(0)[bin]);
        }
    }
}
