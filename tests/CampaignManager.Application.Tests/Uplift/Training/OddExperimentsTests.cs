using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>Experiments from which little or nothing can be learnt: they train to an honest end, or say why not.</summary>
public sealed class OddExperimentsTests
{
    [Theory]
    [InlineData("auto", 0)]
    [InlineData("auto", 1)]
    [InlineData("t", 0)]
    public async Task Train_EverybodyHasTheSameOutcome_ClaimsNothing(string learner, double outcome)
    {
        var table = ATable.Experiment(rows: 1500, seed: 12);
        Array.Fill(table.Outcomes["converted"], outcome);
        var manifest = await TrainedAsync(table, learner);
        Assert.All(manifest.Choices, c => Assert.False(c.Detected));
        var arm = Assert.Single(manifest.Evaluation);
        Assert.False(arm.Heterogeneity.Detected);
        Assert.InRange(arm.Found.Count, 0, 1);
        Assert.Equal(0, arm.Metrics.Ate.Value, 1e-9);
    }

    [Fact]
    public async Task Train_EverybodyOfAGroupWasTreated_IsAGraveWarningAboutIt()
    {
        var table = ATable.Experiment(rows: 3000, seed: 13);
        var channel = table.Features.Single(f => f.Name == "c_channel");
        for (var i = 0; i < table.Count; i++)
        {
            if (channel.Values[i] is var level && !float.IsNaN(level) && channel.Levels[(int)level] == "app")
                table.Arms[i] = 1;
        }

        var manifest = await TrainedAsync(table, "auto");
        var warning = Assert.Single(manifest.Warnings, w => w.Code == DataWarning.ArmPredicted);
        Assert.Equal(("channel", true), (warning.Label, warning.Grave));
    }

    [Theory]
    [InlineData("auto", false)]
    [InlineData("s", false)]
    [InlineData("t", true)]
    [InlineData("dr", true)]
    [InlineData("forest", true)]
    [InlineData("dragonnet", false)]
    [InlineData("rule", true)]
    [InlineData("response", true)]
    public async Task Train_NothingToTellCustomersApartBy_SaysSo(string learner, bool constant)
    {
        await using var room = await TrainingRoom.OpenAsync();
        var request = new TrainingRequest(ExperimentId: await room.ExperimentAsync(Alike(constant)), Outcome: "converted", Learner: learner);

        var run = await room.TrainAsync(request);

        Assert.Equal((JobState.Failed, "nothing-to-tell-apart"), (run.State, JobSentence.Read(run.ErrorSentence, "")?.Code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Train_AverageWithoutFeatures_IsTheDifferenceOfTheArms(bool constant)
    {
        var table = Alike(constant);
        var manifest = await TrainedAsync(table, "ate");
        double Mean(int arm) => Enumerable.Range(0, table.Count).Where(i => table.Arms[i] == arm).Average(i => table.Outcomes["converted"][i]);
        // Of held-out rows: near the difference of all.
        Assert.Equal(Mean(1) - Mean(0), manifest.Evaluation[0].Metrics.Ate.Value, 0.08);
        Assert.Empty(manifest.Warnings);
    }

    private static UpliftTable Alike(bool constant)
    {
        var table = ATable.Experiment(rows: 1500, seed: 12);
        var number = table.Features.First(f => f.Kind == FeatureKind.Numeric);
        return table with { Features = constant ? [number with { Values = [.. number.Values.Select(_ => 7f)] }] : [] };
    }

    [Fact]
    public async Task Train_OneRow_SaysWhatIsMissing()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(ATable.Experiment(rows: 1))));
        Assert.Equal(JobState.Failed, run.State);
        Assert.Contains("rows", run.Error, StringComparison.Ordinal);
    }

    private static async Task<ModelManifest> TrainedAsync(UpliftTable table, string learner)
    {
        await using var room = await TrainingRoom.OpenAsync();
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(table), Outcome: "converted", Learner: learner, TimeBudgetSeconds: learner == "auto" ? 1 : null));
        Assert.True(run.State == JobState.Succeeded, run.Error);
        var model = (await room.Get<ModelService>().FindAsync(run.Id, CancellationToken.None)).Value;
        Assert.NotNull(model.Manifest);
        var scores = new MemoryStream();
        await room.Get<TrainingRowScores>().WriteCsvAsync(run.Id, scores, CancellationToken.None);
        Assert.DoesNotContain("NaN", System.Text.Encoding.UTF8.GetString(scores.ToArray()), StringComparison.Ordinal);
        return model.Manifest;
    }
}
