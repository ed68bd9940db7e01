using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Forest;
using static CampaignManager.Engine.Tests.Uplift.Learners.Forest.SimulatedShop;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Forest;

public sealed class ForestErrorTests
{
    [Fact]
    public void ScoreWithError_SimulatedShops_IntervalsCover()
    {
        // A linear effect and the middle of the square, where the forest's bias is small: of 40 shops × 20 points 90 % intervals cover most, neither all nor few.
        int covered = 0, points = 0;
        double width = 0;
        var (fresh, freshRows, truth) = Draw(20, x => 0.3 + 0.4 * x[0], seed: 999, width: 2);
        for (ulong seed = 0; seed < 40; seed++)
        {
            var (task, rows, _) = Draw(2000, x => 0.3 + 0.4 * x[0], seed: 50 + seed, width: 2);
            var model = (CausalForestModel)new CausalForestLearner(new ForestOptions { Trees = 200 }).Fit(task, rows, new FitContext(seed, 2));
            double[] effect = new double[20], error = new double[20];
            model.ScoreWithError(fresh.X, freshRows, effect, error);
            for (int i = 0; i < 20; i++)
            {
                points++;
                width += error[i];
                if (Math.Abs(effect[i] - truth[i]) <= 1.645 * error[i]) covered++;
            }
        }
        Assert.InRange(covered / (double)points, 0.8, 0.97);
        Assert.InRange(width / points, 2 / Math.Sqrt(2000), 0.3);
    }

    [Fact]
    public void ScoreWithError_Effect_EqualsScore()
    {
        var (task, rows, _) = Draw(1000, Step);
        var model = (CausalForestModel)new CausalForestLearner(new ForestOptions { Trees = 50 }).Fit(task, rows, new FitContext(1));
        double[] effect = new double[rows.Length], error = new double[rows.Length];
        model.ScoreWithError(task.X, rows, effect, error, threads: 2);
        double[] scores = Effects(model, task, rows);
        for (int i = 0; i < scores.Length; i++) Assert.Equal(scores[i], effect[i], 1e-12);
        Assert.All(error, e => Assert.InRange(e, 1e-6, 10));
    }

    [Fact]
    public void FitWithOutOfBag_Rows_UseOnlyTreesThatDidNotSeeThem()
    {
        // Changing a row's own outcome changes in-bag predictions for it, and not the trees that left it out. m and the leaf size are held fixed, or they would carry the change.
        var (task, rows, _) = Draw(400, Step);
        var learner = new CausalForestLearner(new ForestOptions { Trees = 60, MinLeaf = 10 }, (t, r, _) => new double[r.Length]);
        FittedForest before = learner.FitWithOutOfBag(task, rows, new FitContext(4));
        double inBag = Effects(before.Model, task, [17])[0];
        task.Outcome[17] += 500;
        FittedForest after = learner.FitWithOutOfBag(task, rows, new FitContext(4));
        Assert.Equal(before.OutOfBag[17], after.OutOfBag[17]);
        Assert.Equal(before.OutOfBagVariance[17], after.OutOfBagVariance[17]);
        Assert.True(Math.Abs(inBag - Effects(after.Model, task, [17])[0]) > 1);
        Assert.True(rows.Count(row => before.OutOfBag[row] != after.OutOfBag[row]) > 300);
    }

    [Fact]
    public void FitWithOutOfBag_TwoThreads_IsTheSame()
    {
        var (task, rows, _) = Draw(700, Step);
        var learner = new CausalForestLearner(new ForestOptions { Trees = 40 });
        FittedForest one = learner.FitWithOutOfBag(task, rows, new FitContext(4)), two = learner.FitWithOutOfBag(task, rows, new FitContext(4, 2));
        Assert.Equal(one.OutOfBag, two.OutOfBag);
        Assert.Equal(one.OutOfBagVariance, two.OutOfBagVariance);
    }

    [Fact]
    public void HalfSample_Bags_HoldHalfAndDiffer()
    {
        // 64,000 rows: half ± 4 · 126; two bags share a quarter.
        ulong first = HalfSample.BagSeed(1, 0), second = HalfSample.BagSeed(1, 1);
        int[] inFirst = [.. Enumerable.Range(0, 64_000).Where(row => HalfSample.Contains(first, row))];
        Assert.InRange(inFirst.Length, 32_000 - 506, 32_000 + 506);
        Assert.InRange(inFirst.Count(row => HalfSample.Contains(second, row)), 16_000 - 440, 16_000 + 440);
    }

    [Fact]
    public void WithVariance_ByHand_IsBetweenBagsLessWithin()
    {
        // Four trees in two bags, e = ½ and t̃ balanced: leaves with t̃ỹ/t̃² = 1, 3 | 5, 7 → τ̂ = 4, influences −3, −1 | 1, 3:
        // between = (2² + 2²)/2 = 4, total = (5 + 5)/2 = 5, noise = 1, estimate 3, error 4·√(2/2) = 4; 3 + 4·φ(.75)/Φ(.75) = 3 + 4·.30114/.77337.
        float[] leaves = [.. new float[] { 1, 3, 5, 7 }.SelectMany(tau => new[] { 0, 0, tau / 4, 0.25f, 0, 0.5f })];
        var (effect, variance) = ForestEstimate.WithVariance(leaves, [0, 1, 2, 3], 2);
        Assert.Equal(4, effect, 1e-9);
        Assert.Equal(3 + 4 * 0.301137 / 0.773373, variance, 1e-5);
    }
}
