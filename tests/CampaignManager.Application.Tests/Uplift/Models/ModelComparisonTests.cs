using System.Text.Json;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Models;

public sealed class ModelComparisonTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<Guid> TrainAsync(TrainingRoom room, Guid experiment, string learner = "t", int seed = 1, string outcome = "converted", string[]? arms = null) =>
        JsonSerializer.Deserialize<TrainModelResult>(
            (await room.TrainAsync(new TrainingRequest(ExperimentId: experiment, Outcome: outcome, Learner: learner, Seed: seed, Arms: arms))).Result!, JsonSerializerOptions.Web)!.ModelId;

    [Fact]
    public async Task Compare_SameModelTwice_IsNoDifference()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 1500));
        var (a, b) = (await TrainAsync(room, experiment), await TrainAsync(room, experiment));
        var compared = (await room.Get<ModelComparisons>().CompareAsync(b, a, Cancel)).Value;
        // Whatever the order, the version in use is the champion.
        Assert.Equal((a, b, null), (compared.Champion.Row.Id, compared.Challenger.Row.Id, compared.Why));
        var arm = Assert.Single(compared.Arms);
        Assert.Equal((0, 0.5), (arm.Paired.Auuc.Difference.Value, arm.Paired.Auuc.ProbabilityBetter));
        Assert.False(compared.ChallengerWins);
        Assert.Equal(compared.Champion.Manifest!.Evaluation[0].Metrics.Auuc.Value, arm.Paired.Auuc.Champion, 1e-12);
        Assert.Equal(compared.Champion.Manifest.Evaluation[0].Rows, arm.Rows);
    }

    [Fact]
    public async Task Compare_OtherSeed_UsesTheRowsHeldOutFromBoth()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 6000, arms: 3, treatedShare: 0.6));
        var compared = (await room.Get<ModelComparisons>().CompareAsync(await TrainAsync(room, experiment), await TrainAsync(room, experiment, "s", seed: 2), Cancel)).Value;
        Assert.Null(compared.Why);
        Assert.Equal(["arm 1", "arm 2"], compared.Arms.Select(a => a.Arm));
        // A third of a third of the rows of control and one arm.
        Assert.All(compared.Arms, a => Assert.InRange(a.Rows, 6000 * 0.7 / 9 * 0.8, 6000 * 0.7 / 9 * 1.2));
    }

    [Fact]
    public async Task Compare_OtherDataOutcomeOrArms_SaysWhyNot()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var service = room.Get<ModelComparisons>();
        var (one, other) = (await room.ExperimentAsync(ATable.Experiment(rows: 700, arms: 3)), await room.ExperimentAsync(ATable.Experiment(rows: 700, arms: 3, seed: 9)));
        var a = await TrainAsync(room, one);
        foreach (var b in new[] { await TrainAsync(room, other), await TrainAsync(room, one, outcome: "margin"), await TrainAsync(room, one, arms: ["arm 2"]) })
            Assert.Equal(NotPaired.OtherData, (await service.CompareAsync(a, b, Cancel)).Value.Why);
        Assert.Equal(NotPaired.TooFewRows, (await service.CompareAsync(a, await TrainAsync(room, one, seed: 3), Cancel)).Value.Why);
        var torn = await TrainAsync(room, one);
        await File.AppendAllTextAsync(room.ModelFile(torn, ModelManifest.ScoresFile), " ", Cancel);
        Assert.Equal(NotPaired.Damaged, (await service.CompareAsync(a, torn, Cancel)).Value.Why);
        Assert.Equal(FailureKind.Invalid, (await service.CompareAsync(a, a, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, (await service.CompareAsync(a, Guid.NewGuid(), Cancel)).Failure!.Kind);
    }
}
