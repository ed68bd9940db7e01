using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>The automatic choice and what is said about data, on tables as they come from an import.</summary>
public sealed class AutoTests
{
    private static Task<TrainedUplift> Train(UpliftTable table, string learner = "auto", int seed = 1, IFitTime? time = null) => UpliftTraining.RunAsync(
        table, "converted", new TrainingPlan(learner, Seed: seed, Time: time is null ? null : _ => time), _ => Task.CompletedTask, CancellationToken.None);

    private sealed record Given(bool Fits, bool IsOut) : IFitTime
    {
        public double Spent => 0;

        bool IFitTime.Fits(double seconds) => Fits;

        bool IFitTime.IsOut() => IsOut;
    }

    private static UpliftTable With(UpliftTable table, FeatureColumn feature) => table with { Features = [.. table.Features, feature] };

    [Fact]
    public async Task RunAsync_Differences_AreClaimedAndFound()
    {
        var table = ATable.Experiment(rows: 4000, seed: 21, effectNew: 0.2);
        var trained = await Train(table);
        Assert.True(trained.Choices[0].Detected);
        Assert.Equal(1, trained.Choices[0].Candidates.Sum(c => c.Weight), 1e-9);
        double Mean(float isNew) => trained.Split.Test.Where(i => table.Features[0].Values[i] == isNew).Average(i => trained.Uplift(1, i));
        // Within "new" the effect's standard error is about 0.03.
        Assert.InRange(Mean(1) - Mean(0), 0.1, 0.3);
    }

    [Fact]
    public async Task RunAsync_Progress_RisesToTheLastSplit()
    {
        var told = new List<double>();
        await UpliftTraining.RunAsync(ATable.Experiment(rows: 600), "converted", new TrainingPlan("auto"), Tell, CancellationToken.None);
        Assert.Equal(told.Order(), told);
        Assert.Equal(told.Distinct(), told);
        // What is left then is the fit on all rows.
        Assert.Equal(0.9, told[^1], 1e-9);

        Task Tell(double share)
        {
            told.Add(share);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task RunAsync_SameEffectForAll_SaysSoAndUsesTheAverage()
    {
        var claims = 0;
        for (ulong seed = 1; seed <= 8; seed++)
        {
            var trained = await Train(ATable.Experiment(rows: 1500, seed: seed, effectOld: 0.08, effectNew: 0.08));
            if (trained.Choices[0].Detected)
            {
                claims++;
                continue;
            }

            var uplift = trained.Split.Test.Select(i => trained.Uplift(1, i)).ToArray();
            Assert.InRange(uplift.Max() - uplift.Min(), 0, 1e-4);
            Assert.Equal(trained.Choices[0].Effect, uplift.Average(), 1e-4);
        }

        // One in twenty is to be expected; three of eight have a probability of half a percent.
        Assert.InRange(claims, 0, 2);
    }

    [Fact]
    public async Task RunAsync_Auto_DoesNotSeeItsOwnCustomer()
    {
        var table = ATable.Experiment(rows: 1500, seed: 3, rowsPerCustomer: 3);
        var before = await Train(table);
        var own = Enumerable.Range(0, table.Count).Where(i => table.Customers[i] == table.Customers[before.Split.Train[60]]).ToArray();
        var changed = ATable.Experiment(rows: 1500, seed: 3, rowsPerCustomer: 3);
        foreach (var i in own)
            changed.Outcomes["converted"][i] = 1 - changed.Outcomes["converted"][i];
        var after = await Train(changed);
        Assert.All(own, i => Assert.Equal(before.Mu0[0][i], after.Mu0[0][i]));
    }

    [Fact]
    public async Task RunAsync_OutOfTime_DrawsTheFoldsOnce()
    {
        var choice = (await Train(ATable.Experiment(rows: 1500), time: new Given(Fits: true, IsOut: true))).Choices[0];
        Assert.Equal(1, choice.Repeats);
        Assert.Null(choice.LeftOut);
    }

    [Fact]
    public async Task RunAsync_NoTime_TriesTheQuickestAndSaysWhatIsLeftOut()
    {
        var trained = await Train(ATable.Experiment(rows: 1500), time: new Given(Fits: false, IsOut: true));
        var choice = trained.Choices[0];
        Assert.Equal(["rule", "t-trees"], choice.Candidates.Select(c => c.Name));
        Assert.Equal(["s-trees", "s-linear", "s-sparse", "t-linear", "x-trees", "x-linear", "dr-trees", "dr-linear", "dr-sparse"], choice.LeftOut!);
        Assert.Equal(1, choice.Candidates.Sum(c => c.Weight), 1e-9);
        Assert.All(trained.Mu1[0], mu => Assert.True(double.IsFinite(mu)));
        Assert.Equal("training-left-out", TrainingSentences.LeftOut("treated", choice.LeftOut!).Code);
    }

    [Fact]
    public async Task RunAsync_TimeEnough_GivesWhatNoLimitGives()
    {
        var (given, free) = (await Train(ATable.Experiment(rows: 1200), time: new Given(Fits: true, IsOut: false)), await Train(ATable.Experiment(rows: 1200)));
        Assert.Equal(free.Mu1[0], given.Mu1[0]);
        Assert.Equal(free.Choices[0].Repeats, given.Choices[0].Repeats);
    }

    [Fact]
    public async Task RunAsync_TwiceWithOneSeed_SameScores()
    {
        Assert.Equal((await Train(ATable.Experiment(rows: 1200))).Mu1[0], (await Train(ATable.Experiment(rows: 1200))).Mu1[0]);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("dr")]
    [InlineData("forest")]
    [InlineData("dragonnet")]
    public async Task RunAsync_TenThousandCategoriesAndOddNumbers_NoneIsASilentNumber(string learner)
    {
        var table = ATable.Experiment(rows: 3000, seed: 5);
        var random = new SeededRandom(5);
        table = With(table, UpliftTableReader.Categorical("c_many", "many", [.. Enumerable.Range(0, table.Count).Select(_ => $"level {random.NextInt(10_000)}")]));
        table = With(table, new FeatureColumn("x_odd", FeatureKind.Numeric, "odd", [], [.. Enumerable.Range(0, table.Count).Select(i => i % 3 == 0 ? float.PositiveInfinity : i % 3 == 1 ? float.NaN : i)]));
        var trained = await Train(table, learner);
        Assert.All(trained.Mu0[0].Concat(trained.Mu1[0]), mu => Assert.True(double.IsFinite(mu)));
    }

    [Fact]
    public async Task Of_FeatureThatTellsTheArm_WarnsGravely()
    {
        var table = ATable.Experiment(rows: 3000, seed: 6);
        var random = new SeededRandom(6);
        table = With(table, new FeatureColumn("x_opened", FeatureKind.Numeric, "mail opened", [], [.. table.Arms.Select(a => a == 1 && random.NextDouble() < 0.3 ? 1f : 0f)]));
        var warning = Assert.Single(DataChecks.Of(table, "converted", await Train(table, "ate")));
        Assert.Equal((DataWarning.ArmPredicted, "mail opened", true), (warning.Code, warning.Label, warning.Grave));
    }

    [Fact]
    public async Task Of_FeatureThatTellsTheOutcome_Warns()
    {
        var table = ATable.Experiment(rows: 3000, seed: 7);
        table = With(table, new FeatureColumn("x_value", FeatureKind.Numeric, "order value", [], [.. table.Outcomes["converted"].Select((y, i) => y == 1 ? 20f + i % 7 : 0f)]));
        var warning = Assert.Single(DataChecks.Of(table, "converted", await Train(table, "ate")), w => w.Code == DataWarning.Leak);
        Assert.Equal("order value", warning.Label);
        Assert.False(warning.Grave);
    }

    [Fact]
    public async Task Of_ArmsOfOtherSizesThanPlanned_WarnsGravely()
    {
        var table = ATable.Experiment(rows: 3000, seed: 8, treatedShare: 0.5);
        Array.Fill(table.Propensity, 0.6);
        Assert.Contains(DataChecks.Of(table, "converted", await Train(table, "ate")), w => w is { Code: DataWarning.SampleRatio, Grave: true });
    }

    [Fact]
    public async Task Of_CleanExperiment_HasNoWarning() =>
        Assert.Empty(DataChecks.Of(ATable.Experiment(rows: 3000, seed: 9), "converted", await Train(ATable.Experiment(rows: 3000, seed: 9), "ate")));

    [Fact]
    public async Task BestArm_OneArmBetterForAll_InventsNoGain()
    {
        var table = ATable.Experiment(rows: 6000, seed: 10, effectOld: 0.2, effectNew: 0.2, arms: 3, treatedShare: 2 / 3.0);
        var choice = BestArms.Of(table, "converted", await Train(table, "t"))!;
        Assert.Equal(1, choice.Uniform);
        Assert.False(choice.Detected);
    }

    [Fact]
    public async Task Of_PooledCampaigns_PredictsEachFromTheOthers()
    {
        var table = ATable.Experiment(rows: 6000, seed: 11, effectOld: 0.1, effectNew: 0.1);
        for (var i = 0; i < table.Count; i++)
            table.CampaignIds[i] = $"k{i % 4}";
        table = With(table, new FeatureColumn("o_discount", FeatureKind.Offer, "discount", [], [.. Enumerable.Range(0, table.Count).Select(i => (float)(i % 4))]));
        var errors = CampaignErrors.Of(table, "converted", await Train(table, "s"), CancellationToken.None);
        Assert.Equal(["k0", "k1", "k2", "k3"], errors.Select(e => e.CampaignId));
        // 1,500 rows: standard error about 0.02.
        Assert.All(errors, e => Assert.InRange(e.Predicted, 0.04, 0.16));
        Assert.All(errors, e => Assert.True(e.Measured.Low < e.Measured.Value && e.Measured.Value < e.Measured.High));
    }
}
