using System.Text.Json;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Uplift.Scoring;

/// <summary>What makes the segments by uplift again: a run, another version in use, the first training.</summary>
public sealed class RankAfterScoringTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IDbContextFactory<AppDbContext> Contexts(TrainingRoom room) => room.Get<IDbContextFactory<AppDbContext>>();

    private static async Task ScoreAsync(TrainingRoom room, Guid model)
    {
        var started = await room.Get<CustomerScoringService>().StartAsync(model, TrainingRoom.Admin, Cancel);
        Assert.Equal(JobState.Succeeded, (await room.ExecuteAsync(started.Value)).State);
    }

    /// <summary>The top third as the scores of a version have it, worked out here.</summary>
    private static string[] Top30(TrainingRoom room, Guid model) =>
        Ids(room, $"SELECT customer_id FROM {room.Get<CustomerScores>().SourceOf(model)} ORDER BY uplift_1 DESC, sha256(customer_id) LIMIT 120");

    private static string[] Members(TrainingRoom room) => Ids(room, $"SELECT customer_id FROM {room.Get<DataLake>().SourceOf(SegmentService.CurrentFile)} WHERE segment = 'uplift:top30'");

    private static string[] Ids(TrainingRoom room, string sql)
    {
        using var connection = room.Get<DataLake>().Open(threads: 1);
        return [.. connection.Query(sql, r => r.GetString(0)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Score_Whole_MakesTheSegments_AndAKilledOneCatchesUp()
    {
        var (room, model) = await ScoreCustomersJobTests.ShopAsync();
        await using var _ = room;
        var started = await room.Get<CustomerScoringService>().StartAsync(model, TrainingRoom.Admin, Cancel);
        using var shutdown = new CancellationTokenSource();
        // Killed when the run stands sealed and the segments do not yet.
        using (room.Get<JobNotifier>().Subscribe(_ => StopWhenSealed()))
            Assert.Equal(JobState.Running, (await room.ExecuteAsync(started.Value, shutdown.Token)).State);
        Assert.Equal(400, (await room.Get<CustomerScores>().RunAsync(model, Cancel))!.Rows);
        Assert.False(File.Exists(room.Get<DataLake>().PathTo(SegmentService.CurrentFile)));

        await room.Get<JobTakeover>().TakeUpAsync(Cancel);
        Assert.Equal(JobState.Succeeded, (await room.ExecuteAsync(started.Value)).State);
        Assert.Equal(Top30(room, model), Members(room));
        Assert.Contains(await room.Get<JobService>().LogAsync(started.Value, Cancel), l => l.Text.StartsWith("The segments by uplift are those of version 1", StringComparison.Ordinal));

        void StopWhenSealed()
        {
            if (File.Exists(room.Get<DataLake>().PathTo($"{CustomerScores.FolderOf(model)}/run.json")))
                shutdown.Cancel();
        }
    }

    [Fact]
    public async Task PutIntoUseAndRolledBack_TheSegmentsFollow()
    {
        var (room, first) = await ScoreCustomersJobTests.ShopAsync();
        await using var _ = room;
        await ScoreAsync(room, first);
        var second = JsonSerializer.Deserialize<TrainModelResult>((await room.TrainAsync(new TrainingRequest(Outcome: "converted", Learner: "s", Seed: 2))).Result!, JsonSerializerOptions.Web)!.ModelId;
        await ScoreAsync(room, second);
        // It is not in use: its run changes nothing.
        Assert.Equal(Top30(room, first), Members(room));
        Assert.NotEqual(Top30(room, first), Top30(room, second));

        Assert.True((await room.Get<ModelService>().PromoteAsync(second, TrainingRoom.Admin, Cancel)).Succeeded);
        await ExecuteRankingAsync(room);
        Assert.Equal(Top30(room, second), Members(room));
        Assert.True((await room.Get<ModelService>().RollbackAsync(second, TrainingRoom.Admin, Cancel)).Succeeded);
        await ExecuteRankingAsync(room);
        Assert.Equal(Top30(room, first), Members(room));
    }

    [Fact]
    public async Task Promote_AnExperimentsModel_RanksNobody()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 800));
        for (var seed = 1; seed <= 2; seed++)
            Assert.Equal(JobState.Succeeded, (await room.TrainAsync(new TrainingRequest(ExperimentId: experiment, Outcome: "converted", Learner: "t", Seed: seed))).State);
        var second = (await room.Get<ModelService>().ListAsync(new PageRequest(), Cancel)).Items.Single(m => !m.InUse).Id;
        Assert.True((await room.Get<ModelService>().PromoteAsync(second, TrainingRoom.Admin, Cancel)).Succeeded);
        Assert.Equal(0, (await room.Get<JobService>().ListAsync(RankCustomersJob.Kind, new PageRequest(), Cancel)).Total);
    }

    [Fact]
    public async Task Train_ThenScore_AsksForOneRunHoweverOftenItStarts()
    {
        var (room, _) = await ScoreCustomersJobTests.ShopAsync();
        await using var open = room;
        var jobs = room.Get<JobService>();
        var trained = await room.TrainAsync(new TrainingRequest(Outcome: "converted", Learner: "t", Seed: 2, ThenScore: true));
        var asked = Assert.Single((await jobs.ListAsync(ScoreCustomersJob.Kind, new PageRequest(), Cancel)).Items);
        Assert.Equal(trained.Id, JsonSerializer.Deserialize<ScoreCustomers>(asked.Arguments, JsonSerializerOptions.Web)!.ModelId);

        // As if it had been killed just before it asked.
        await using (var context = await Contexts(room).CreateDbContextAsync(Cancel))
            await context.JobRuns.Where(r => r.Id == asked.Id).ExecuteDeleteAsync(Cancel);
        for (var again = 0; again < 2; again++)
        {
            await room.Make<TrainModelJob>().RunAsync(new JobContext(trained, Contexts(room), room.Get<JobNotifier>(), TimeProvider.System), Cancel);
            Assert.Equal(1, (await jobs.ListAsync(ScoreCustomersJob.Kind, new PageRequest(), Cancel)).Total);
        }
    }

    [Fact]
    public async Task Train_AnExperimentThenScore_IsRefused()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 200));
        var started = await room.Get<TrainingService>().StartAsync(new TrainingRequest(ExperimentId: experiment, ThenScore: true), TrainingRoom.Admin, Cancel);
        Assert.Equal(["thenScore"], started.Failure!.Errors!.Keys);
        Assert.Equal(0, (await room.Get<JobService>().ListAsync(null, new PageRequest(), Cancel)).Total);
    }

    private static async Task ExecuteRankingAsync(TrainingRoom room)
    {
        var run = (await room.Get<JobService>().ListAsync(RankCustomersJob.Kind, new PageRequest(), Cancel)).Items.Single(r => r.State == JobState.Queued);
        Assert.Equal(JobState.Succeeded, (await room.ExecuteAsync(run.Id)).State);
    }
}
