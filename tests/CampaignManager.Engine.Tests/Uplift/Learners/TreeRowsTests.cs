using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Tests.Uplift.Learners;

/// <summary>The quick ways of binning, drawing and scoring rows against the plain ones.</summary>
public sealed class TreeRowsTests
{
    private const int Rows = 3001;

    private static FeatureMatrix Noise(int rows, int width)
    {
        var random = new SeededRandom(8);
        var x = new FeatureMatrix(rows, width);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < width; j++) x.Row(i)[j] = j == 1 ? random.NextInt(3) : (float)random.NextNormal();
        return x;
    }

    private static TreeEnsemble Ensemble(FeatureMatrix x, int[] rows, int leaves)
    {
        var random = new SeededRandom(3);
        double[] y = [.. Enumerable.Range(0, x.Rows).Select(i => (x.Row(i)[0] > 0 ? 2 : 0) + x.Row(i)[1] * x.Row(i)[2] + random.NextNormal())];
        return OutcomeBooster.Fit(BinnedFeatures.Of(x, rows), rows, y, null, false, new BoostingSettings(leaves, 10, 0.3, 15, 1), new FitContext(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(24)]
    public void ScoreMany_IsScoreOfEach(int leaves)
    {
        var x = Noise(Rows, 4);
        int[] all = [.. Enumerable.Range(0, Rows)], some = [.. all.Where(i => i % 3 != 1)];
        var ensemble = Ensemble(x, all, leaves);
        Assert.Contains(ensemble.Trees, t => t.Leaves.Length == leaves);
        double[] many = new double[some.Length];
        ensemble.Score(x, some, many);
        Assert.Equal(some.Select(i => ensemble.Score(x.Row(i))), many);
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(20, true)]
    public void AddTree_MovesEveryTrainingRowByItsLeaf(int leaves, bool withFactor)
    {
        var x = Noise(Rows, 4);
        int[] rows = [.. Enumerable.Range(0, Rows).Where(i => i % 5 != 2)];
        var tree = Ensemble(x, rows, leaves).Trees[0];
        float[]? factor = withFactor ? [.. rows.Select(i => i % 2 - 0.25f)] : null;
        var state = BoostingState.Of(BinnedFeatures.Of(x, rows), rows, new double[Rows], null, false, new FitContext(1, 2));
        state.Add(tree, factor);
        Assert.Equal(rows.Select((i, p) => (factor?[p] ?? 1) * (float)tree.Value(x.Row(i))), state.Score);
    }

    [Fact]
    public void Bins_AreTheCutsBelowAValue()
    {
        var x = Noise(Rows, 3);
        var bins = BinnedFeatures.Of(x, [.. Enumerable.Range(0, Rows)], 50, threads: 2);
        for (int j = 0; j < 3; j++)
            for (int i = 0; i < Rows; i++) Assert.Equal(bins.Cuts(j).Count(cut => cut < x.Row(i)[j]), bins.Column(j)[i]);
    }

    [Fact]
    public void Take_KeepsTheBinsOfTheRowsTaken()
    {
        var bins = BinnedFeatures.Of(Noise(100, 3), [.. Enumerable.Range(0, 100)]);
        var taken = bins.Take([3, 50, 99]);
        Assert.Equal(3, taken.Rows);
        for (int j = 0; j < 3; j++) Assert.Equal([bins.Column(j)[3], bins.Column(j)[50], bins.Column(j)[99]], taken.Column(j));
        Assert.Same(bins, bins.Take([.. Enumerable.Range(0, 100)]));
    }

    [Fact]
    public void Fit_InRoomAnotherFitHasWorkedIn_IsThatOfRoomOfItsOwn()
    {
        var x = Noise(Rows, 4);
        var bins = BinnedFeatures.Of(x, [.. Enumerable.Range(0, Rows)]);
        double[] y = [.. Enumerable.Range(0, Rows).Select(i => x.Row(i)[1] > 0.3 ? 1.0 : x.Row(i)[0])], weights = [.. y.Select((_, i) => 1 + i % 3 * 0.5)];
        int[] few = [.. Enumerable.Range(0, Rows).Where(i => i % 7 == 3)], most = [.. Enumerable.Range(0, Rows).Where(i => i % 7 != 3)];
        var room = new BoostingRoom(1);
        foreach (int[] rows in new[] { most, few, most })
            foreach (double[]? w in new[] { weights, null })
                Assert.Equal(Json(Fit(rows, w, new BoostingRoom(1))), Json(Fit(rows, w, room)));

        TreeEnsemble Fit(int[] rows, double[]? w, BoostingRoom own) =>
            OutcomeBooster.Fit(bins, rows, y, w, false, new BoostingSettings(4, 10, 0.3, 15, 1, RowShare: 0.7), new FitContext(1), null, own);

        static string Json(TreeEnsemble ensemble) => System.Text.Json.JsonSerializer.Serialize(ensemble);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Loss_IsThatOfItsFormulaRowByRow(bool logistic, bool weighted)
    {
        // More than one block of them and a rest; scores so far out that e^f would be infinite.
        const int n = 1300;
        float[] y = [.. Enumerable.Range(0, n).Select(i => i % 3 == 0 ? 1f : 0f)], w = [.. Enumerable.Range(0, n).Select(i => 0.5f + i % 4)];
        var state = new BoostingState(BinnedFeatures.Of(new FeatureMatrix(n, 1), [0]), y, weighted ? w : null, logistic, new FitContext(1));
        double expected = 0;
        for (int i = 0; i < n; i++)
        {
            double f = state.Score[i] = i == 5 ? 900 : i == 6 ? -900 : (i - n / 2) / 100f;
            expected += (weighted ? w[i] : 1) * (logistic ? f > 0 ? Math.Log(1 + Math.Exp(-f)) + f - f * y[i] : Math.Log(1 + Math.Exp(f)) - f * y[i] : (f - y[i]) * (f - y[i]) / 2.0);
        }
        Assert.Equal(1, state.Loss() / expected, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Draw_OfVeryManySmallGradients_KeepsTheirSum(int threads)
    {
        // One row in 2,000 buys: next to its gradient the others' are less than half a step of the packed numbers, and would be cut away one and all.
        const int n = 1_000_000;
        float[] outcome = new float[n];
        for (int i = 0; i < n; i += 2000) outcome[i] = 1;
        var state = new BoostingState(BinnedFeatures.Of(new FeatureMatrix(n, 1), [0]), outcome, null, true, new FitContext(1, threads));
        Array.Fill(state.Score, -8.5f);
        state.Derive();
        var rows = new PackedRows(threads);
        rows.Draw(state, null, 1, 0);
        double expected = 0, curvature = 0;
        for (int i = 0; i < n; i++)
        {
            expected += state.Gradient[i];
            curvature += state.Curvature[i];
        }
        (double g, double h) = rows.Part(rows.Total);
        Assert.Equal(expected, g, 0.5);
        Assert.Equal(1, h / curvature, 1e-3);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(0.6, false)]
    [InlineData(0.6, true)]
    public void Draw_HoldsEveryRowsDerivatives(double share, bool withFactor)
    {
        // No multiple of a vector or a word.
        const int n = 8192 + 77;
        float[] y = [.. Enumerable.Range(0, n).Select(i => i % 5 == 0 ? 1f : 0f)], factor = [.. Enumerable.Range(0, n).Select(i => (i % 2 == 0 ? 0.7f : -0.3f))];
        var state = new BoostingState(BinnedFeatures.Of(new FeatureMatrix(n, 1), [0]), y, null, true, new FitContext(1));
        for (int i = 0; i < n; i++) state.Score[i] = i % 11 / 4f - 1;
        state.Derive();
        var rows = new PackedRows(1);
        rows.Draw(state, withFactor ? factor : null, share, 99);

        Assert.Equal(share == 1, rows.InOrder);
        Assert.InRange(rows.Count, share == 1 ? n : 0.57 * n, share == 1 ? n : 0.63 * n);
        int[] drawn = rows.Index[..rows.Count];
        Assert.Equal(drawn.Distinct().Order(), drawn);
        Assert.Equal(rows.Packed[..rows.Count].Sum(), rows.Total);
        double step = 1.01 * rows.Count / (1 << 30), stepG = step * state.LargestGradient, stepH = step * state.LargestCurvature;
        Assert.All(Enumerable.Range(0, rows.Count), k =>
        {
            float f = withFactor ? factor[drawn[k]] : 1;
            (double g, double h) = rows.Part(rows.Packed[k]);
            Assert.Equal(state.Gradient[drawn[k]] * f, g, stepG);
            Assert.Equal(state.Curvature[drawn[k]] * f * f, h, stepH);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(50_001)]
    public void RadixSort_IsTheOrderOfComparisons(int count)
    {
        var random = new SeededRandom(5);
        float[] values = [.. Enumerable.Range(0, count).Select(i => (i % 10) switch
        {
            0 => -0f,
            1 => 0,
            2 => float.NegativeInfinity,
            3 => float.PositiveInfinity,
            4 => float.Epsilon * random.NextInt(3),
            5 => -random.NextInt(4),
            6 => float.MaxValue * (float)random.NextNormal(),
            _ => (float)random.NextNormal(),
        })];
        float[] sorted = [.. values.Order()];

        RadixSort.Ascending(values);

        Assert.Equal(sorted, values);
    }

    [Fact]
    public void DrawAndPartition_WithThreads_AreThoseWithoutThem()
    {
        const int n = 300_000;
        var x = Noise(n, 2);
        var state = BoostingState.Of(BinnedFeatures.Of(x, [.. Enumerable.Range(0, 1000)]), [.. Enumerable.Range(0, n)], [.. Enumerable.Range(0, n).Select(i => i % 7.0)], null, false, new FitContext(1));
        state.Derive();
        var one = new PackedRows(1);
        var several = new PackedRows(3);
        foreach (var rows in new[] { one, several })
        {
            rows.Draw(state, null, 0.8, 12345);
            Assert.InRange(rows.Count, 0.79 * n, 0.81 * n);
            int middle = rows.Partition(10, rows.Count, state.Bins.Column(0), 30);
            Assert.All(Enumerable.Range(10, middle - 10), i => Assert.True(state.Bins.Column(0)[rows.Index[i]] <= 30));
            Assert.All(Enumerable.Range(middle, rows.Count - middle), i => Assert.True(state.Bins.Column(0)[rows.Index[i]] > 30));
        }
        Assert.Equal(one.Count, several.Count);
        Assert.Equal(one.Index[..one.Count], several.Index[..one.Count]);
        Assert.Equal(one.Packed[..one.Count], several.Packed[..one.Count]);
        Assert.Equal(one.Total, several.Total);
    }
}
