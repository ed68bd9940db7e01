using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class FirstTrainingTests
{
    [Fact]
    public async Task StartFirstAsync_OnlyAnExperimentWasTrained_TrainsTheShopOnce()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var training = room.Get<TrainingService>();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 200));
        await training.StartAsync(new TrainingRequest(ExperimentId: experiment), TrainingRoom.Admin, CancellationToken.None);
        Assert.Null(await training.ShopRunAsync(CancellationToken.None));

        await training.StartFirstAsync(CancellationToken.None);
        var first = await training.ShopRunAsync(CancellationToken.None);
        await training.StartFirstAsync(CancellationToken.None);

        Assert.True(first?.Request.ThenScore);
        Assert.Equal(first?.Run.Id, (await training.ShopRunAsync(CancellationToken.None))?.Run.Id);
        Assert.Equal(2, (await training.ListAsync(new PageRequest(), CancellationToken.None)).Total);
    }

    [Fact]
    public async Task StartFirstAsync_AnAdminCancelledOne_LeavesItAtThat()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var training = room.Get<TrainingService>();
        var asked = await training.StartAsync(new TrainingRequest(), TrainingRoom.Admin, CancellationToken.None);
        Assert.True((await training.CancelAsync(asked.Value, TrainingRoom.Admin, CancellationToken.None)).Succeeded);

        await training.StartFirstAsync(CancellationToken.None);

        var run = Assert.Single((await training.ListAsync(new PageRequest(), CancellationToken.None)).Items).Run;
        Assert.Equal((asked.Value, JobState.Cancelled), (run.Id, run.State));
    }
}
