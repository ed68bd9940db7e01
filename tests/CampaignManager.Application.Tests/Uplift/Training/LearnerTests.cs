using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class LearnerTests
{
    private static Task<TrainedUplift> Train(UpliftTable table, string learner, int seed = 3, string outcome = "converted") =>
        UpliftTraining.RunAsync(table, outcome, new TrainingPlan(learner, Seed: seed), _ => Task.CompletedTask, CancellationToken.None);

    private static double MeanUplift(UpliftTable table, TrainedUplift trained, float isNew, int arm = 1, IEnumerable<int>? among = null) =>
        (among ?? Enumerable.Range(0, table.Count)).Where(i => table.Features[0].Values[i] == isNew).Average(i => trained.Uplift(arm, i));

    [Theory]
    [InlineData("t")]
    [InlineData("s")]
    public async Task RunAsync_KnownEffects_RecoversThemWithinTheirError(string learner)
    {
        // 8,000 rows, 3,200 of them new: standard error of the effect within "new" about sqrt(2 · 0.25·0.75/1600·(3/2)) ≈ 0.02;
        // shrinkage may take up to a third of the contrast at this size, never its sign.
        var table = ATable.Experiment(rows: 8000, seed: 11, effectOld: 0, effectNew: 0.2);
        var trained = await Train(table, learner);
        Assert.InRange(MeanUplift(table, trained, 1), 0.2 * 2 / 3 - 0.06, 0.2 + 0.06);
        Assert.InRange(MeanUplift(table, trained, 0), -0.05, 0.05 + 0.2 / 3);
        Assert.True(MeanUplift(table, trained, 1) - MeanUplift(table, trained, 0) > 0.1);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("s")]
    public async Task RunAsync_NegativeEffect_KeepsItsSign(string learner)
    {
        var table = ATable.Experiment(rows: 8000, seed: 12, effectOld: 0.1, effectNew: -0.1);
        var trained = await Train(table, learner);
        Assert.True(MeanUplift(table, trained, 1, among: trained.Split.Test) < -0.03);
        Assert.True(MeanUplift(table, trained, 0, among: trained.Split.Test) > 0.03);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("s")]
    public async Task RunAsync_TwoTreatedArms_TellsThemApart(string learner)
    {
        var table = ATable.Experiment(rows: 12_000, seed: 13, effectNew: 0.24, arms: 3, treatedShare: 2 / 3.0);
        var trained = await Train(table, learner);
        var (strong, weak) = (MeanUplift(table, trained, 1, arm: 1), MeanUplift(table, trained, 1, arm: 2));
        Assert.True(strong > weak + 0.04, $"{strong} against {weak}");
    }

    [Theory]
    [InlineData("t")]
    [InlineData("s")]
    public async Task RunAsync_SameSeedAndData_SameScores(string learner)
    {
        var first = await Train(ATable.Experiment(rows: 3000), learner);
        var second = await Train(ATable.Experiment(rows: 3000), learner);
        Assert.Equal(first.Mu0[0], second.Mu0[0]);
        Assert.Equal(first.Mu1[0], second.Mu1[0]);
        Assert.NotEqual(first.Mu1[0], (await Train(ATable.Experiment(rows: 3000), learner, seed: 4)).Mu1[0]);
    }

    [Fact]
    public async Task RunAsync_Money_PredictsInItsUnit()
    {
        // Margin is about 20 a conversion: an effect of 0.2 conversions is 4.
        var table = ATable.Experiment(rows: 8000, seed: 14, effectNew: 0.2);
        var trained = await Train(table, "t", outcome: "margin");
        Assert.InRange(MeanUplift(table, trained, 1), 2, 5.5);
    }

    [Fact]
    public async Task RunAsync_Probabilities_StayBetweenZeroAndOne()
    {
        var trained = await Train(ATable.Experiment(rows: 3000), "s");
        Assert.All(trained.Mu0[0].Concat(trained.Mu1[0]), mu => Assert.InRange(mu, 0, 1));
    }

    [Fact]
    public async Task RunAsync_NobodyConverts_PredictsNothing()
    {
        var table = ATable.Experiment(rows: 1000);
        Array.Clear(table.Outcomes["converted"]);
        var trained = await Train(table, "t");
        Assert.All(Enumerable.Range(0, table.Count), i => Assert.Equal(0, trained.Uplift(1, i)));
    }

    [Fact]
    public async Task RunAsync_RowOfTheTrainingSet_DoesNotSeeItsOwnCustomer()
    {
        // Flipping the outcomes of one customer must not change that customer's own cross-fitted prediction.
        var table = ATable.Experiment(rows: 3000, rowsPerCustomer: 3);
        var before = await Train(table, "t");
        var customer = table.Customers[before.Split.Train[100]];
        var own = Enumerable.Range(0, table.Count).Where(i => table.Customers[i] == customer).ToArray();
        var changed = ATable.Experiment(rows: 3000, rowsPerCustomer: 3);
        foreach (var i in own)
            changed.Outcomes["converted"][i] = 1 - changed.Outcomes["converted"][i];
        var after = await Train(changed, "t");
        Assert.All(own, i => Assert.Equal(before.Mu1[0][i], after.Mu1[0][i]));
        Assert.NotEqual(before.Mu1[0], after.Mu1[0]);
    }

    [Fact]
    public void Of_Split_KeepsCustomersTogetherAndHoldsOutAThird()
    {
        var table = ATable.Experiment(rows: 6000, rowsPerCustomer: 3);
        var split = DataSplit.Of(table, 1);
        var test = split.Test.Select(i => table.Customers[i]).ToHashSet();
        Assert.DoesNotContain(split.Train, i => test.Contains(table.Customers[i]));
        Assert.InRange(split.Test.Length, 1800, 2200);
        Assert.Equal(split.Test, split.Test.Order());
    }

    [Fact]
    public void Of_GivenSplit_IsTaken()
    {
        var split = DataSplit.Of(ATable.Experiment(rows: 400, split: true), 1);
        Assert.All(split.Test, i => Assert.Equal(0, i % 4));
        Assert.Equal(100, split.Test.Length);
    }
}
