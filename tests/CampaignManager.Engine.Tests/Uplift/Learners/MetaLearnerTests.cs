using System.Text.Json;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Meta;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Tests.Uplift.Learners;

/// <summary>What every learner must do, on experiments whose effects are known.</summary>
public sealed class MetaLearnerTests
{
    private static readonly Dictionary<string, IUpliftLearner> All = new()
    {
        ["s-trees"] = new SLearner(),
        ["s-linear"] = new SLearner(BaseLearner.Linear),
        ["t-trees"] = new TLearner(),
        ["t-linear"] = new TLearner(BaseLearner.Linear),
        ["x-trees"] = new XLearner(),
        ["x-linear"] = new XLearner(BaseLearner.Linear),
        ["dr-trees"] = new DrLearner(),
        ["dr-linear"] = new DrLearner(BaseLearner.Linear),
        ["s-sparse"] = new SLearner(BaseLearner.Sparse),
        ["dr-sparse"] = new DrLearner(BaseLearner.Sparse),
        ["r-trees"] = new RLearner(),
        ["class-trees"] = new ClassTransformation(),
        ["rule"] = new BestRule(),
        ["ate"] = new ConstantEffect(),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> Differing => [.. All.Keys.Where(k => k != "ate")];

    private static double Step(ReadOnlySpan<float> row) => row[2] == 1 ? 0.15 : 0;

    [Theory]
    [MemberData(nameof(Differing))]
    public void Fit_EffectInOneGroup_IsFound(string name)
    {
        var e = AnExperiment.Of(Step);
        double[] uplift = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3)));
        // The constant effect is off by the spread of the truth, 0.15·√(0.4·0.6) ≈ 0.073.
        Assert.True(e.Correlation(uplift) > 0.75, $"correlation {e.Correlation(uplift)}");
        Assert.True(e.Pehe(uplift) < 0.055, $"error {e.Pehe(uplift)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_AverageEffect_IsRight(string name)
    {
        var e = AnExperiment.Of(_ => 0.06, rows: 8000, seed: 5, share: 0.2);
        double mean = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3))).Average();
        // √(0.2·0.8/1600 + 0.13·0.87/6400) ≈ 0.011.
        Assert.InRange(mean, 0.06 - 0.033, 0.06 + 0.033);
    }

    [Theory]
    [MemberData(nameof(Differing))]
    public void Fit_ChangingPropensity_DoesNotTakeTheShareForAnEffect(string name)
    {
        // More of one group are treated and the group buys more anyway; the effect is the same for all.
        var e = AnExperiment.Of(_ => 0.05, rows: 8000, seed: 6, changingShare: true);
        double[] uplift = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3)));
        double group = e.Rows.Where(i => e.Task.X.Row(i)[2] == 1).Average(i => uplift[i]), others = e.Rows.Where(i => e.Task.X.Row(i)[2] == 0).Average(i => uplift[i]);
        // Difference of two differences of about 0.013 each.
        Assert.InRange(group - others, -0.06, 0.06);
    }

    [Theory]
    [MemberData(nameof(Differing))]
    public void Fit_Money_IsInItsUnit(string name)
    {
        var e = AnExperiment.Of(Step, rows: 8000, seed: 7, money: true);
        double[] uplift = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3)));
        Assert.True(e.Correlation(uplift) > 0.6, $"correlation {e.Correlation(uplift)}");
        Assert.InRange(uplift.Average(), 0.5 * e.Truth.Average(), 1.5 * e.Truth.Average());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_TwiceAndWithMoreThreads_SameModel(string name)
    {
        var e = AnExperiment.Of(Step, rows: 2000);
        double[] one = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3, 1))), two = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3, 3)));
        Assert.Equal(one, two);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_WrittenAndRead_ScoresTheSame(string name)
    {
        var e = AnExperiment.Of(Step, rows: 1500);
        UpliftModel model = All[name].Fit(e.Task, e.Rows, new FitContext(3));
        var read = JsonSerializer.Deserialize<UpliftModel>(JsonSerializer.Serialize(model))!;
        Assert.Equal(e.Uplift(model), e.Uplift(read));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_NobodyBuys_NoEffect(string name)
    {
        var e = AnExperiment.Of(_ => 0, rows: 800, baseline: 0);
        Assert.All(e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(1))), u => Assert.InRange(u, -0.002, 0.002));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_HalfAPercentBuy_StaysAProbabilityOfThatSize(string name)
    {
        var e = AnExperiment.Of(_ => 0, rows: 10_000, seed: 9, baseline: 0.005);
        double[] mu0 = new double[e.Rows.Length], mu1 = new double[e.Rows.Length];
        All[name].Fit(e.Task, e.Rows, new FitContext(1)).Predict(e.Task.X, e.Rows, mu0, mu1);
        Assert.InRange(mu0.Average(), 0.003, 0.008);
        Assert.All(mu0, m => Assert.InRange(m, 0, 0.2));
    }

    [Theory]
    [InlineData("s-trees", false)]
    [InlineData("t-trees", false)]
    [InlineData("x-trees", false)]
    [InlineData("x-trees", true)]
    public void Fit_LargeTable_FindsTheEffectWithAnyNumberOfThreads(string name, bool changingShare)
    {
        // From 50,000 rows on X imputes from a model of each arm.
        var e = AnExperiment.Of(Step, rows: 55_000, changingShare: changingShare);
        double[] one = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3, 1))), two = e.Uplift(All[name].Fit(e.Task, e.Rows, new FitContext(3, 3)));
        Assert.Equal(one, two);
        Assert.True(e.Correlation(one) > 0.85, $"correlation {e.Correlation(one)}");
        Assert.True(e.Pehe(one) < 0.04, $"error {e.Pehe(one)}");
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(70_000)]
    public void EffectTrees_AreKeptAsFarAsCustomersWhoDidNotHelpConfirmThem(int rows)
    {
        BoostingSettings main = BoostingSettings.ForOutcome(rows), effect = BoostingSettings.ForEffect(rows);
        int Kept(Func<ReadOnlySpan<float>, double> truth)
        {
            var e = AnExperiment.Of(truth, rows);
            return EffectBooster.Fit(e.Task, e.Rows, null, main, effect, new FitContext(1, 2)).Effect.Trees.Count;
        }

        Assert.InRange(Kept(_ => 0.03), effect.KeptAnyway, effect.Rounds / 2);
        Assert.InRange(Kept(Step), effect.Rounds / 2 + 1, effect.Rounds);
    }

    [Fact]
    public void Fit_ConstantEffect_TiesToTheLastBit()
    {
        var e = AnExperiment.Of(Step, rows: 2000);
        Assert.Single(e.Uplift(new ConstantEffect().Fit(e.Task, e.Rows, new FitContext(1))).Distinct());
    }

    [Fact]
    public void CrossFit_RowsOfACustomer_AreLeftOutTogether()
    {
        var e = AnExperiment.Of(Step, rows: 1500);
        int[] customers = [.. e.Rows.Select(i => i / 3)];
        var task = e.Task with { Folds = customers };
        var before = Nuisances.CrossFit(task, e.Rows, new FitContext(1));
        double[] flipped = (double[])task.Outcome.Clone();
        foreach (int i in new[] { 300, 301, 302 }) flipped[i] = 1 - flipped[i];
        var after = Nuisances.CrossFit(task with { Outcome = flipped }, e.Rows, new FitContext(1));
        foreach (int i in new[] { 300, 301, 302 }) Assert.Equal(before.Mu1[i], after.Mu1[i]);
        Assert.NotEqual(before.Mu1, after.Mu1);
    }
}
