using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class TrainModelJobTests
{
    private static TrainModelResult Result(JobRun run) => JsonSerializer.Deserialize<TrainModelResult>(run.Result!, JsonSerializerOptions.Web)!;

    [Fact]
    public async Task RunAsync_Experiment_MakesAVersionInUseWithItsMetrics()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 6000, effectNew: 0.25));

        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: experiment, Outcome: "converted", Learner: "s", Economics: new Economics(10, 1, 0)));

        Assert.Equal((JobState.Succeeded, null), (run.State, run.Error));
        var result = Result(run);
        Assert.True(result.Promoted);
        Assert.True(result.Metrics.Qini.Value > 0.1);
        Assert.True(result.Metrics.Qini.Low < result.Metrics.Qini.Value && result.Metrics.Qini.Value < result.Metrics.Qini.High);
        Assert.InRange(result.Metrics.Ate.Value!.Value, 0.05, 0.15);
        Assert.Equal(ModelMetrics.Detected, result.Metrics.Verdict);
        Assert.NotNull(result.Metrics.PolicyValue);
        var detail = (await room.Get<ModelService>().FindAsync(result.ModelId, CancellationToken.None)).Value;
        Assert.True(detail.Row.InUse);
        Assert.Equal(6000, detail.Manifest!.Rows);
        Assert.Equal(6000, detail.Manifest.TrainRows + detail.Manifest.TestRows);
        Assert.Equal("x_new", detail.Manifest.Evaluation[0].Importance[0].Feature);
        Assert.NotEmpty(await room.Get<JobService>().LogAsync(run.Id, CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_SameSeedAndData_SameMetrics()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 2000));
        var request = new TrainingRequest(ExperimentId: experiment, Outcome: "converted", Learner: "t", Seed: 5);
        var first = Result(await room.TrainAsync(request));
        var second = Result(await room.TrainAsync(request));
        Assert.NotEqual(first.ModelId, second.ModelId);
        Assert.Equal(first.Metrics, second.Metrics);
        Assert.False(second.Promoted);
        Assert.Equal(File.ReadAllText(room.ModelFile(first.ModelId, ModelManifest.ModelFile)), File.ReadAllText(room.ModelFile(second.ModelId, ModelManifest.ModelFile)));
    }

    [Fact]
    public async Task RunAsync_KilledHalfWay_EndsTheSameOnTheSecondStart()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 2000));
        var request = new TrainingRequest(ExperimentId: experiment, Outcome: "converted", Learner: "t");
        var whole = Result(await room.TrainAsync(request));

        var id = (await room.Get<TrainingService>().StartAsync(request, TrainingRoom.Admin, CancellationToken.None)).Value;
        using var shutdown = new CancellationTokenSource();
        using (room.Get<JobNotifier>().Subscribe(changed => StopWhenTraining(changed)))
        {
            var killed = await room.ExecuteAsync(id, shutdown.Token);
            Assert.Equal(JobState.Running, killed.State);
        }

        Assert.Equal(1, await room.Get<JobTakeover>().TakeUpAsync(CancellationToken.None));
        var resumed = await room.ExecuteAsync(id);
        Assert.Equal((JobState.Succeeded, 2), (resumed.State, resumed.Attempt));
        Assert.Equal(whole.Metrics, Result(resumed).Metrics);

        void StopWhenTraining(Guid changed)
        {
            if (changed == id && room.Get<JobService>().FindAsync(id, CancellationToken.None).GetAwaiter().GetResult()!.Stage == "training")
                shutdown.Cancel();
        }
    }

    [Fact]
    public async Task RunAsync_RunTwice_LeavesOneVersion()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 1000));
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: experiment, Outcome: "converted", Learner: "t"));
        // As if the process died after the version was registered and before the run was marked as done.
        var job = room.Make<TrainModelJob>();
        var again = (TrainModelResult)(await job.RunAsync(new JobContext(run, room.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<AppDbContext>>(), room.Get<JobNotifier>(), TimeProvider.System), CancellationToken.None))!;
        Assert.Equal(Result(run).Metrics, again.Metrics);
        Assert.Equal(1, (await room.Get<ModelService>().ListAsync(new PageRequest(), CancellationToken.None)).Total);
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesNoVersion()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 2000));
        var training = room.Get<TrainingService>();
        var id = (await training.StartAsync(new TrainingRequest(ExperimentId: experiment), TrainingRoom.Admin, CancellationToken.None)).Value;
        using (room.Get<JobNotifier>().Subscribe(changed => CancelWhenTraining(changed)))
        {
            var run = await room.ExecuteAsync(id);
            Assert.Equal(JobState.Cancelled, run.State);
        }

        Assert.Equal(0, (await room.Get<ModelService>().ListAsync(new PageRequest(), CancellationToken.None)).Total);
        Assert.False(Directory.Exists(room.Get<ModelStore>().FolderOf(id)));
        Assert.Equal("run-ended", (await training.CancelAsync(id, TrainingRoom.Admin, CancellationToken.None)).Failure!.Code);

        void CancelWhenTraining(Guid changed)
        {
            if (changed == id && room.Get<JobService>().FindAsync(id, CancellationToken.None).GetAwaiter().GetResult() is { Stage: "training", CancelRequested: false })
                training.CancelAsync(id, TrainingRoom.Admin, CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    [Fact]
    public async Task RunAsync_ArmTooSmall_SaysSo()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 100, treatedShare: 0.2));
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: experiment));
        Assert.Equal(JobState.Failed, run.State);
        Assert.Contains("'arm 1'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoPastCampaigns_SaysSo()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var run = await room.TrainAsync(new TrainingRequest());
        Assert.Equal(JobState.Failed, run.State);
        Assert.Contains("nothing to learn from yet", run.Error, StringComparison.Ordinal);
    }
}
