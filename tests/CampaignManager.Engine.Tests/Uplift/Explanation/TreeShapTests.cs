using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Tests.Uplift.Explanation;

public sealed class TreeShapTests
{
    [Fact]
    public void Explain_OneSplit_IsTheDistanceToTheMean()
    {
        // x0 ≤ 0.5: value 2 with 3 training rows, else 6 with 1: mean 3, so a row on the left has contribution −1 and one on the right +3.
        var tree = new ExplainedTree([0], [0.5f], [~0], [~1], [2, 6], [4, 3, 1]);
        var x = new FeatureMatrix(2, 2);
        x.Row(1)[0] = 1;
        double[][] shares = TreeShap.Explain([tree], x, [0, 1]);
        Assert.Equal(3, tree.Expected);
        Assert.Equal([-1, 0], shares[0]);
        Assert.Equal([3, 0], shares[1]);
    }

    [Fact]
    public void Explain_AndOfTwo_IsSplitEvenly()
    {
        // x0 > ½ and x1 > ½ pays 8, each quarter has one row: mean 2; for the paying row v({0}) = v({1}) = 4, so each gets ½(4 − 2) + ½(8 − 4) = 3.
        var tree = new ExplainedTree([0, 1], [0.5f, 0.5f], [~0, ~1], [1, ~2], [0, 0, 8], [4, 2, 2, 1, 1]);
        var x = new FeatureMatrix(1, 2);
        x.Row(0).Fill(1);
        double[] shares = TreeShap.Explain([tree], x, [0])[0];
        Assert.Equal(3, shares[0], 1e-12);
        Assert.Equal(3, shares[1], 1e-12);
    }

    [Fact]
    public void Explain_RandomTrees_EqualsAllSubsets()
    {
        // Depth up to 7 on 1..6 features: features repeat on paths often.
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new SeededRandom(seed);
            int width = 1 + random.NextInt(6);
            FeatureMatrix x = Uniform(random, 200, width);
            ExplainedTree tree = RandomTree(random, width, 7).CoverOf(x, [.. Enumerable.Range(0, 200)]);
            double[][] shares = TreeShap.Explain([tree], x, [0, 1, 2]);
            for (int row = 0; row < 3; row++)
            {
                double[] expected = ByAllSubsets(tree, x.Row(row).ToArray());
                for (int j = 0; j < width; j++) Assert.Equal(expected[j], shares[row][j], 1e-9);
            }
        }
    }

    [Fact]
    public void Explain_Ensemble_AddsUpToThePredictionAndDoesNotDependOnThreads()
    {
        var random = new SeededRandom(77);
        FeatureMatrix x = Uniform(random, 500, 8);
        int[] rows = [.. Enumerable.Range(0, 500)];
        ExplainedTree[] trees = [.. Enumerable.Range(0, 12).Select(_ => RandomTree(random, 8, 6).CoverOf(x, rows))];
        double[][] shares = TreeShap.Explain(trees, x, rows), parallel = TreeShap.Explain(trees, x, rows, threads: 2);
        for (int i = 0; i < rows.Length; i++)
        {
            double prediction = trees.Sum(tree => tree.Value[tree.LeafOf(x.Row(i))]);
            Assert.Equal(prediction - trees.Sum(tree => tree.Expected), shares[i].Sum(), 1e-9);
            Assert.Equal(shares[i], parallel[i]);
        }
    }

    [Fact]
    public void Explain_SingleLeaf_HasNoContributions()
    {
        var tree = new ExplainedTree([], [], [], [], [5], []).CoverOf(new FeatureMatrix(3, 2), [0, 1, 2]);
        Assert.Equal([3], tree.Cover);
        Assert.Equal(5, tree.Expected);
        Assert.Equal([0, 0], TreeShap.Explain([tree], new FeatureMatrix(1, 2), [0])[0]);
    }

    [Fact]
    public void Explain_CoverNotCounted_Throws() =>
        Assert.Throws<ArgumentException>(() => TreeShap.Explain([new ExplainedTree([0], [0], [~0], [~1], [1, 2], [])], new FeatureMatrix(1, 1), [0]));

    [Fact]
    public void CoverOf_Rows_CountsNodesThenLeaves()
    {
        var x = new FeatureMatrix(5, 1);
        for (int i = 0; i < 5; i++) x.Row(i)[0] = i;
        // Rows 0..4: ≤ 1 → leaf 0 (0, 1); else ≤ 3 → leaf 1 (2, 3), leaf 2 (4). Row 4 is not a training row.
        ExplainedTree tree = new ExplainedTree([0, 0], [1, 3], [~0, ~1], [1, ~2], [0, 0, 0], []).CoverOf(x, [0, 1, 2, 3]);
        Assert.Equal([4, 2, 2, 2, 0], tree.Cover);
    }

    private static FeatureMatrix Uniform(SeededRandom random, int rows, int width)
    {
        var x = new FeatureMatrix(rows, width);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < width; j++) x.Row(i)[j] = (float)random.NextDouble();
        return x;
    }

    private static ExplainedTree RandomTree(SeededRandom random, int width, int depth)
    {
        List<int> feature = [], left = [], right = [];
        List<float> threshold = [];
        List<double> value = [];
        int Grow(int remaining)
        {
            if (remaining == 0 || (remaining < depth && random.NextDouble() < 0.2))
            {
                value.Add(random.NextNormal());
                return ~(value.Count - 1);
            }
            int node = feature.Count;
            feature.Add(random.NextInt(width));
            threshold.Add((float)random.NextDouble());
            left.Add(0);
            right.Add(0);
            left[node] = Grow(remaining - 1);
            right[node] = Grow(remaining - 1);
            return node;
        }
        Grow(depth);
        return new ExplainedTree([.. feature], [.. threshold], [.. left], [.. right], [.. value], []);
    }

    // φ_j = Σ over subsets S without j of |S|!(p − |S| − 1)!/p! · (v(S ∪ j) − v(S)).
    private static double[] ByAllSubsets(ExplainedTree tree, float[] row)
    {
        int p = row.Length;
        double[] factorial = new double[p + 1], shares = new double[p];
        factorial[0] = 1;
        for (int i = 1; i <= p; i++) factorial[i] = factorial[i - 1] * i;
        for (int j = 0; j < p; j++)
        {
            for (int subset = 0; subset < 1 << p; subset++)
            {
                if ((subset >> j & 1) != 0) continue;
                int size = System.Numerics.BitOperations.PopCount((uint)subset);
                shares[j] += factorial[size] * factorial[p - size - 1] / factorial[p] * (Value(tree, row, subset | 1 << j, 0) - Value(tree, row, subset, 0));
            }
        }
        return shares;
    }

    private static double Value(ExplainedTree tree, float[] row, int known, int node)
    {
        if (node < 0) return tree.Value[~node];
        if ((known >> tree.Feature[node] & 1) != 0) return Value(tree, row, known, row[tree.Feature[node]] <= tree.Threshold[node] ? tree.Left[node] : tree.Right[node]);
        double left = tree.Cover[node] > 0 ? tree.CoverAt(tree.Left[node]) / tree.Cover[node] : 0.5;
        double right = tree.Cover[node] > 0 ? tree.CoverAt(tree.Right[node]) / tree.Cover[node] : 0.5;
        return left * Value(tree, row, known, tree.Left[node]) + right * Value(tree, row, known, tree.Right[node]);
    }
}
