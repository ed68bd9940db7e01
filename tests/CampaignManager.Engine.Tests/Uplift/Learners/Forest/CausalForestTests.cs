using System.Text.Json;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Forest;
using static CampaignManager.Engine.Tests.Uplift.Learners.Forest.SimulatedShop;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Forest;

public sealed class CausalForestTests
{
    private static readonly CausalForestLearner Small = new(new ForestOptions { Trees = 100 });

    [Fact]
    public void Fit_StepEffect_IsFound()
    {
        // A constant effect is 0.5 off everywhere: the forest must be far nearer on rows it never saw.
        var (task, rows, _) = Draw(6000, Step);
        var (fresh, freshRows, truth) = Draw(3000, Step, seed: 2);
        double[] effect = Effects(Small.Fit(task, rows, new FitContext(3)), fresh, freshRows);
        Assert.InRange(Correlation(effect, truth), 0.93, 1);
        Assert.InRange(RootMeanSquare(effect, truth), 0, 0.22);
        Assert.Equal(0.5, effect.Average(), 0.08);
    }

    [Fact]
    public void Fit_NoDifferences_SpreadIsSmall()
    {
        // The average effect is 0.5 with standard error 2/√6000 = 0.026; what the forest makes of noise stays in that order (leaves a quarter as large already go beyond).
        var (task, rows, _) = Draw(6000, _ => 0.5);
        double[] effect = Effects(Small.Fit(task, rows, new FitContext(3)), task, rows);
        Assert.InRange(Spread(effect), 0, 0.05);
        Assert.Equal(0.5, effect.Average(), 0.08);
    }

    [Fact]
    public void Fit_BinaryOutcome_ControlIsAProbabilityAndEffectIsFound()
    {
        var (task, rows, truth) = Draw(8000, x => x[0] > 0.5f ? 0.3 : 0, binary: true);
        UpliftModel model = Small.Fit(task, rows, new FitContext(5));
        double[] mu0 = new double[rows.Length], mu1 = new double[rows.Length];
        model.Predict(task.X, rows, mu0, mu1);
        Assert.All(mu0, p => Assert.InRange(p, 0, 1));
        Assert.Equal(0.3, mu0.Average(), 0.04);
        Assert.InRange(Correlation([.. mu1.Zip(mu0, (a, b) => a - b)], truth), 0.9, 1);
    }

    [Fact]
    public void Fit_HeavyTailedMoney_EffectIsFound()
    {
        // Nine in ten spend nothing, the rest a lognormal sum; buyers with x0 > ½ spend 30 more when treated.
        var (task, rows, truth) = Draw(12000, x => x[0] > 0.5f ? 3 : 0);
        var random = new CampaignManager.Engine.Statistics.SeededRandom(8);
        for (int i = 0; i < rows.Length; i++)
        {
            bool buys = random.NextDouble() < 0.1;
            double sum = Math.Exp(2 + random.NextNormal());
            task.Outcome[i] = !buys ? 0 : sum + (task.Treated[i] ? truth[i] * 10 : 0);
        }
        double[] effect = Effects(Small.Fit(task, rows, new FitContext(5)), task, rows);
        Assert.InRange(Correlation(effect, truth), 0.8, 1);
        Assert.Equal(1.5, effect.Average(), 0.8);
    }

    [Fact]
    public void Fit_TenPercentTreated_EffectIsFound()
    {
        var (task, rows, truth) = Draw(8000, Step, propensity: 0.1);
        double[] effect = Effects(Small.Fit(task, rows, new FitContext(3)), task, rows);
        Assert.InRange(Correlation(effect, truth), 0.9, 1);
        Assert.Equal(0.5, effect.Average(), 0.15);
    }

    [Fact]
    public void Fit_OutcomeModelGiven_IsUsed()
    {
        // A huge known baseline drowns the effect unless the residuals are used.
        double Baseline(float[] x) => 60 * Math.Sin(12 * x[2]);
        var (task, rows, truth) = Draw(4000, Step, level: Baseline, noise: 0.5);
        var learner = new CausalForestLearner(new ForestOptions { Trees = 100 }, (t, r, _) => [.. r.Select(i => Baseline(t.X.Row(i).ToArray()) + 0.5 * Step(t.X.Row(i).ToArray()))]);
        double[] effect = Effects(learner.Fit(task, rows, new FitContext(3)), task, rows);
        Assert.InRange(RootMeanSquare(effect, truth), 0, 0.2);
    }

    [Fact]
    public void Fit_OneAndTwoThreadsAndTwice_IsTheSame()
    {
        var (task, rows, _) = Draw(1500, Step);
        string one = JsonSerializer.Serialize(Small.Fit(task, rows, new FitContext(7)));
        Assert.Equal(one, JsonSerializer.Serialize(Small.Fit(task, rows, new FitContext(7, Threads: 2))));
        Assert.Equal(one, JsonSerializer.Serialize(Small.Fit(task, rows, new FitContext(7))));
        Assert.NotEqual(one, JsonSerializer.Serialize(Small.Fit(task, rows, new FitContext(8))));
    }

    [Fact]
    public void Fit_JsonRoundTrip_ScoresAreIdentical()
    {
        var (task, rows, _) = Draw(1500, Step);
        UpliftModel model = Small.Fit(task, rows, new FitContext(7));
        UpliftModel read = JsonSerializer.Deserialize<UpliftModel>(JsonSerializer.Serialize(model))!;
        Assert.IsType<CausalForestModel>(read);
        Assert.Equal(Effects(model, task, rows), Effects(read, task, rows));
    }

    [Fact]
    public void Fit_ConstantFeatures_IsTheAverageEffect()
    {
        var (task, rows, _) = Draw(2000, _ => 1, constantFeatures: true);
        double[] effect = Effects(Small.Fit(task, rows, new FitContext(1)), task, rows);
        Assert.Equal(0, Spread(effect), 1e-9);
        Assert.Equal(1, effect[0], 4 * 2 / Math.Sqrt(2000));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(3)]
    [InlineData(1)]
    public void Fit_HandfulOfRows_GivesFiniteScores(int count)
    {
        var (task, rows, _) = Draw(count, Step);
        FittedForest fitted = Small.FitWithOutOfBag(task, rows, new FitContext(1));
        Assert.All(Effects(fitted.Model, task, rows), effect => Assert.True(double.IsFinite(effect)));
        Assert.Throws<ArgumentException>(() => Small.Fit(task, [], new FitContext(1)));
    }

    [Fact]
    public void Fit_SomeRows_LooksAtNoOther()
    {
        var (task, rows, _) = Draw(2000, Step);
        int[] half = [.. rows.Where(row => row % 2 == 0)];
        string before = JsonSerializer.Serialize(Small.Fit(task, half, new FitContext(7)));
        foreach (int row in rows.Where(row => row % 2 == 1)) task.Outcome[row] = 1e6;
        Assert.Equal(before, JsonSerializer.Serialize(Small.Fit(task, half, new FitContext(7))));
    }

    [Fact]
    public void Fit_RowsCapped_TreesAreSmallerAndTheEffectStays()
    {
        var (task, rows, truth) = Draw(8000, Step);
        var capped = new CausalForestLearner(new ForestOptions { Trees = 100, MostRowsPerTree = 800, MinLeaf = 10 });
        var whole = new CausalForestLearner(new ForestOptions { Trees = 100, MinLeaf = 10 });
        var small = (CausalForestModel)capped.Fit(task, rows, new FitContext(1));
        Assert.InRange(small.Features.Length, 100, ((CausalForestModel)whole.Fit(task, rows, new FitContext(1))).Features.Length / 4);
        Assert.InRange(Correlation(Effects(small, task, rows), truth), 0.9, 1);
    }

    [Fact]
    public void Fit_LeafSizeNotGiven_FollowsTheSignal()
    {
        // 16 leaves a tree where customers hardly differ, many more where a wave of effects crosses the table.
        var (plain, rows, _) = Draw(8000, _ => 0.5);
        var (waves, _, _) = Draw(8000, x => 4 * Math.Sin(12 * x[0]), noise: 0.5);
        int few = ((CausalForestModel)Small.Fit(plain, rows, new FitContext(1))).Features.Length, many = ((CausalForestModel)Small.Fit(waves, rows, new FitContext(1))).Features.Length;
        Assert.InRange(few, 100 * 9, 100 * 40);
        Assert.InRange(many, 3 * few, int.MaxValue);
    }

    [Fact]
    public void Fit_OptionOutOfRange_Throws()
    {
        var (task, rows, _) = Draw(100, Step);
        foreach (ForestOptions bad in new ForestOptions[] { new() { Trees = 0 }, new() { BagSize = 0 }, new() { SampleShare = 0.6 }, new() { Alpha = 0.5 }, new() { MostRowsPerTree = 2_000_000 }, new() { MinLeaf = -1 } })
            Assert.Throws<ArgumentOutOfRangeException>(() => new CausalForestLearner(bad).Fit(task, rows, new FitContext(1)));
    }

    [Fact]
    public void Fit_Cancelled_Throws()
    {
        var (task, rows, _) = Draw(500, Step);
        Assert.ThrowsAny<OperationCanceledException>(() => Small.Fit(task, rows, new FitContext(1, 1, new CancellationToken(true))));
    }
}
