using System.Text.Json;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class ResponseTests
{
    private static TrainModelResult Result(JobRun run) => JsonSerializer.Deserialize<TrainModelResult>(run.Result!, JsonSerializerOptions.Web)!;

    /// <summary>Old customers buy anyway, and keen ones most; new ones buy little and are moved by 0.25. Arms by the toss of a fair coin.</summary>
    private static UpliftTable Known(int rows)
    {
        var random = new SeededRandom(17);
        var table = ATable.Experiment(rows);
        float[] keen = [.. Enumerable.Range(0, rows).Select(_ => (float)random.NextNormal())];
        var isNew = table.Features[0].Values;
        double[] converted = [.. Enumerable.Range(0, rows).Select(i =>
            random.NextDouble() < (isNew[i] == 1 ? 0.08 + (table.Arms[i] == 1 ? 0.25 : 0) : 0.15 + 0.5 / (1 + Math.Exp(-2 * keen[i]))) ? 1.0 : 0)];
        return table with
        {
            Features = [new FeatureColumn("x_keen", FeatureKind.Numeric, "keen", [], keen), .. table.Features],
            Outcomes = new Dictionary<string, double[]> { ["converted"] = converted, ["margin"] = [.. converted.Select(y => y * (20 + 5 * random.NextNormal()))] },
        };
    }

    private static async Task<ModelManifest> ManifestAsync(TrainingRoom room, JobRun run)
    {
        Assert.Equal((JobState.Succeeded, null), (run.State, run.Error));
        return (await room.Get<ModelService>().FindAsync(run.Id, CancellationToken.None)).Value.Manifest!;
    }

    [Theory]
    [InlineData("converted")]
    [InlineData("margin")]
    public async Task Train_Response_IsJudgedByWhatItPredictsAndByWhatItsRankingBrings(string outcome)
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(Known(3000));
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: experiment, Outcome: outcome, Learner: "response", Seed: 2));
        var manifest = await ManifestAsync(room, run);
        var table = await room.Get<UpliftTableReader>().ReadAsync(UpliftTableManifest.ExperimentFolder(experiment), CancellationToken.None);

        var trained = await UpliftTraining.RunAsync(table, outcome, new TrainingPlan("response", Seed: 2), _ => Task.CompletedTask, CancellationToken.None);
        Assert.All(Enumerable.Range(0, table.Count), i => Assert.Equal(0, trained.Uplift(1, i)));
        var test = trained.Split.Test;
        var arm = manifest.Evaluation[0];
        Assert.Equal(test.Average(i => Math.Abs(table.Outcomes[outcome][i] - trained.Mu1[0][i])), arm.Response!.Metrics.Mae, 9);
        Assert.Equal(test.Average(i => table.Outcomes[outcome][i]), arm.Response.Conversion, 9);
        Assert.True(arm.Response.Metrics.Mae < arm.Response.ConstantMae);
        // Its ranking is a ranking: as deep a curve as customers differ in predicted response, not the one point of a constant uplift.
        Assert.True(arm.QiniCurve.Count > 50);
        if (outcome == "converted")
        {
            var buyers = test.Count(i => trained.Mu1[0][i] >= arm.Response.Threshold);
            Assert.Equal(buyers / (double)test.Length, arm.Response.Coverage, 9);
            Assert.InRange(arm.Response.Metrics.RocAuc, 0.65, 0.85);
            Assert.All(new[] { arm.Response.Metrics.Precision, arm.Response.Metrics.Recall, arm.Response.Metrics.F1, arm.Response.Metrics.Accuracy }, m => Assert.InRange(m, 0.3, 0.9));
        }
        else
        {
            Assert.True(double.IsNaN(arm.Response.Metrics.RocAuc) && double.IsNaN(arm.Response.Coverage));
        }
    }

    [Fact]
    public async Task Train_ResponseTwice_SameModelAndNeverInUse()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var request = new TrainingRequest(ExperimentId: await room.ExperimentAsync(Known(1500)), Outcome: "converted", Learner: "response");
        var (first, second) = (Result(await room.TrainAsync(request)), Result(await room.TrainAsync(request)));
        Assert.Equal(first.Metrics, second.Metrics);
        Assert.Equal(await File.ReadAllTextAsync(room.ModelFile(first.ModelId, ModelManifest.ModelFile), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(room.ModelFile(second.ModelId, ModelManifest.ModelFile), TestContext.Current.CancellationToken));
        Assert.False(first.Promoted);
        Assert.Equal("model-without-effect", (await room.Get<ModelService>().PromoteAsync(first.ModelId, TrainingRoom.Admin, CancellationToken.None)).Failure!.Code);
        // The first that predicts effects is.
        Assert.True(Result(await room.TrainAsync(request with { Learner = "s" })).Promoted);
    }

    [Fact]
    public async Task Compare_ResponseWithLearnerOfEffects_RanksItByResponse()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var request = new TrainingRequest(ExperimentId: await room.ExperimentAsync(Known(3000)), Outcome: "converted", Learner: "s");
        var (model, response) = (Result(await room.TrainAsync(request)), Result(await room.TrainAsync(request with { Learner = "response" })));
        var compared = (await room.Get<ModelComparisons>().CompareAsync(model.ModelId, response.ModelId, CancellationToken.None)).Value;
        var arm = Assert.Single(compared.Arms);
        Assert.True(arm.ChallengerCurve.Count > 50);
        Assert.Equal(response.Metrics.Qini.Value!.Value, arm.Paired.Qini.Challenger, 6);
        Assert.True(arm.ChampionWins, arm.Paired.Deciding.ToString());
    }

    [Theory]
    [InlineData("s")]
    [InlineData("response")]
    public async Task Train_AnyLearner_StandsBesideItsRivals(string learner)
    {
        await using var room = await TrainingRoom.OpenAsync();
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(Known(3000)), Outcome: "converted", Learner: learner, Economics: new Economics(10, 0, 0.5)));
        var arm = (await ManifestAsync(room, run)).Evaluation[0];
        Assert.Equal(["model", "random", "response", "rule", "uniform"], arm.Rivals!.Select(r => r.Name));
        var by = arm.Rivals!.ToDictionary(r => r.Name);

        Assert.Equal((arm.Metrics.Qini, arm.Metrics.U30, arm.Depth.Value, arm.Depth.Share), (by["model"].Qini, by["model"].U30, by["model"].Gain, by["model"].Share));
        Assert.Equal((0.0, arm.Metrics.Ate), (by["random"].Qini.Value, by["random"].U30));
        Assert.Equal(arm.Depth.Share * arm.Depth.All.Value, by["random"].Gain.Value, 12);
        // An effect of 0.25 in two of five is worth 1 a customer, contact costs 0.5: all is better than none; the moved alone bring 0.8, with a standard error of 0.18 on 1,000 held-out rows.
        Assert.Equal((1.0, arm.Depth.All), (by["uniform"].Share, by["uniform"].Gain));
        Assert.True(by["rule"].Qini.Value > by["response"].Qini.Value + 0.05, $"{by["rule"].Qini} against {by["response"].Qini}");
        Assert.InRange(by["rule"].Share, 0.3, 0.5);
        Assert.InRange(by["rule"].Gain.Value, 0.8 - 3 * 0.18, 0.8 + 3 * 0.18);
        if (learner == "s")
            Assert.True(by["model"].Qini.Value > by["response"].Qini.Value + 0.05);
    }
}
