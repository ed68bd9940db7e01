using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Jobs;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignManager.Application.Tests.Uplift.Scoring;

public sealed class ScoreCustomersJobTests
{
    private const int Customers = 400;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A shop with a model on features alone, and the customers' features of now.</summary>
    internal static async Task<(TrainingRoom Room, Guid Model)> ShopAsync(PartGate? gate = null)
    {
        var room = await TrainingRoom.OpenAsync(services => gate?.Guard<ScoreBucketPart>(services, ScoreBucketPart.Work));
        var whole = ATable.Experiment(rows: 1200);
        var table = new UpliftTable
        {
            Manifest = whole.Manifest with { Outcomes = [whole.Manifest.Outcomes[0]] },
            Rows = whole.Rows,
            CustomerIds = whole.CustomerIds,
            Customers = whole.Customers,
            CampaignIds = whole.CampaignIds,
            Arms = whole.Arms,
            Propensity = whole.Propensity,
            Splits = whole.Splits,
            Features = whole.Features,
            Outcomes = new Dictionary<string, double[]> { ["converted"] = whole.Outcomes["converted"] },
        };
        await room.LayAsync(table, UpliftTableManifest.ShopFolder);
        LayFeatures(room, 0);
        var run = await room.TrainAsync(new TrainingRequest(Outcome: "converted", Learner: "t"));
        Assert.Equal((JobState.Succeeded, null), (run.State, run.Error));
        return (room, JsonSerializer.Deserialize<TrainModelResult>(run.Result!, JsonSerializerOptions.Web)!.ModelId);
    }

    private static void LayFeatures(TrainingRoom room, int shift)
    {
        var lake = room.Get<DataLake>();
        using var connection = lake.Open(threads: 1);
        lake.WriteFile(connection, $"""
            SELECT 'C-' || i AS customer_id, (i % 2)::DOUBLE AS x_new, CASE WHEN i % 10 > 0 THEN (({shift} + i * 7) % 90)::DOUBLE END AS x_recency,
                   CASE i % 3 WHEN 0 THEN 'app' WHEN 1 THEN 'web' END AS c_channel, 'active' AS c_lifecycle, NULL::VARCHAR AS c_favourite
            FROM range({Customers}) r(i)
            """, FeatureService.CurrentFile, Cancel);
    }

    private static async Task<JobRun> StartAsync(TrainingRoom room, Guid model)
    {
        var started = await room.Get<CustomerScoringService>().StartAsync(model, TrainingRoom.Admin, Cancel);
        return (await room.Get<JobService>().FindAsync(started.Value, Cancel))!;
    }

    private static async Task<ScoreCustomersResult> ScoreAsync(TrainingRoom room, Guid model)
    {
        var run = await room.ExecuteAsync((await StartAsync(room, model)).Id);
        Assert.Equal((JobState.Succeeded, null), (run.State, run.Error));
        return JsonSerializer.Deserialize<ScoreCustomersResult>(run.Result!, JsonSerializerOptions.Web)!;
    }

    private static async Task<Dictionary<int, (string Hash, DateTime At)>> FilesAsync(TrainingRoom room, Guid model)
    {
        var files = new Dictionary<int, (string, DateTime)>();
        for (var bucket = 0; bucket < room.Get<DataLake>().Buckets; bucket++)
        {
            var path = room.Get<DataLake>().PathTo(CustomerScores.FileOf(model, bucket));
            if (File.Exists(path))
                files[bucket] = (await ModelStore.HashAsync(path, Cancel), File.GetLastWriteTimeUtc(path));
        }

        return files;
    }

    [Fact]
    public async Task RunAsync_AllCustomers_AreScoredOnceEachAsTheApiScoresThem()
    {
        var (room, model) = await ShopAsync();
        await using var _ = room;
        var result = await ScoreAsync(room, model);
        Assert.Equal((Customers, room.Get<DataLake>().Buckets, 0), ((int)result.Rows, result.Scored, result.Kept));
        var run = (await room.Get<CustomerScores>().RunAsync(model, Cancel))!;
        Assert.Equal((Customers, "arm 1"), ((int)run.Rows, Assert.Single(run.Arms)));
        using var connection = room.Get<DataLake>().Open(threads: 1);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT customer_id, uplift_1, treated_1 - control FROM {room.Get<CustomerScores>().SourceOf(model)} ORDER BY customer_id";
        using var reader = command.ExecuteReader();
        var scores = new Dictionary<string, double>();
        while (reader.Read())
        {
            scores.Add(reader.GetString(0), reader.GetDouble(1));
            Assert.Equal(reader.GetDouble(1), reader.GetDouble(2), 1e-12);
        }

        Assert.Equal(Customers, scores.Count);
        var asked = JsonSerializer.Deserialize<ScoreRequest>("""{ "customers": [{ "id": "C-3", "features": { "x_new": 1, "x_recency": 21, "c_channel": "app" } }, { "id": "C-20", "features": { "x_new": 0 } }] }""", JsonSerializerOptions.Web)!;
        var scored = (await room.Get<ScoreService>().ScoreAsync(asked, Cancel)).Value;
        Assert.Equal([scores["C-3"], scores["C-20"]], scored.Select(s => s.Uplift!.Value));
    }

    [Fact]
    public async Task RunAsync_KilledInTheMiddle_GoesOnAndEndsInTheSameFiles()
    {
        var gate = new PartGate();
        var (room, model) = await ShopAsync(gate);
        await using var _ = room;
        await ScoreAsync(room, model);
        var whole = await FilesAsync(room, model);
        Directory.Delete(room.Get<DataLake>().PathTo(CustomerScores.FolderOf(model)), recursive: true);

        var run = await StartAsync(room, model);
        using var shutdown = new CancellationTokenSource();
        gate.Before = async (part, stop) =>
        {
            if (part != 3)
                return;
            await shutdown.CancelAsync();
            stop.ThrowIfCancellationRequested();
        };
        await room.ExecuteAsync(run.Id, shutdown.Token);
        var half = await FilesAsync(room, model);
        Assert.Equal([0, 1, 2], half.Keys.Order());
        Assert.Null(await room.Get<CustomerScores>().RunAsync(model, Cancel));

        gate.Before = null;
        Assert.Equal(1, await room.Get<JobTakeover>().TakeUpAsync(Cancel));
        var resumedRun = await room.ExecuteAsync(run.Id);
        var result = JsonSerializer.Deserialize<ScoreCustomersResult>(resumedRun.Result!, JsonSerializerOptions.Web)!;
        Assert.Equal((half.Count, whole.Count - half.Count, Customers), (result.Kept, result.Scored, (int)result.Rows));
        var resumed = await FilesAsync(room, model);
        Assert.Equal(whole.Select(f => (f.Key, f.Value.Hash)), resumed.Select(f => (f.Key, f.Value.Hash)));
        Assert.All(half, f => Assert.Equal(f.Value.At, resumed[f.Key].At));
    }

    [Fact]
    public async Task RunAsync_AnotherWorkerDoesTheLaterBuckets_EndsInTheSameFiles()
    {
        var gate = new PartGate();
        var (room, model) = await ShopAsync(gate);
        await using var _ = room;
        await ScoreAsync(room, model);
        var alone = await FilesAsync(room, model);
        Directory.Delete(room.Get<DataLake>().PathTo(CustomerScores.FolderOf(model)), recursive: true);

        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        gate.Before = (part, _) => part == 0 && reached.TrySetResult() ? release.Task : Task.CompletedTask;
        var run = await StartAsync(room, model);
        var running = room.ExecuteAsync(run.Id);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        var other = new JobParts(
            room.Get<IServiceScopeFactory>(), room.Get<IDbContextFactory<AppDbContext>>(), new PartsAtWork(), new JobNode(), new LocalNews(),
            TimeProvider.System, NullLogger<JobParts>.Instance);
        await using (var helper = other.Open(run.Id, ScoreBucketPart.Work))
            Assert.Equal(alone.Count - 1, await helper.TakeAsync(Cancel));
        release.SetResult();

        Assert.Equal(JobState.Succeeded, (await running).State);
        Assert.Equal(alone.Select(f => (f.Key, f.Value.Hash)), (await FilesAsync(room, model)).Select(f => (f.Key, f.Value.Hash)));
    }

    [Fact]
    public async Task RunAsync_TornBucket_IsScoredAgainAndNoOther()
    {
        var (room, model) = await ShopAsync();
        await using var _ = room;
        await ScoreAsync(room, model);
        var whole = await FilesAsync(room, model);
        var torn = room.Get<DataLake>().PathTo(CustomerScores.FileOf(model, 2));
        await File.WriteAllBytesAsync(torn, (await File.ReadAllBytesAsync(torn, Cancel))[..^100], Cancel);
        var again = await ScoreAsync(room, model);
        Assert.Equal((1, whole.Count - 1), (again.Scored, again.Kept));
        Assert.Equal(whole.Select(f => f.Value.Hash), (await FilesAsync(room, model)).Select(f => f.Value.Hash));
    }

    [Fact]
    public async Task RunAsync_NewFeatures_ScoresEveryBucketAgain()
    {
        var (room, model) = await ShopAsync();
        await using var _ = room;
        await ScoreAsync(room, model);
        Assert.Equal(0, (await ScoreAsync(room, model)).Scored);
        LayFeatures(room, 31);
        Assert.Equal(0, (await ScoreAsync(room, model)).Kept);
    }

    [Fact]
    public async Task Start_WrongModelOrRole_IsRefused()
    {
        var (room, model) = await ShopAsync();
        await using var _ = room;
        var service = room.Get<CustomerScoringService>();
        var experiment = JsonSerializer.Deserialize<TrainModelResult>(
            (await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(ATable.Experiment(rows: 400)), Outcome: "converted", Learner: "t"))).Result!, JsonSerializerOptions.Web)!.ModelId;
        Assert.Equal("not-the-shops-model", (await service.StartAsync(experiment, TrainingRoom.Admin, Cancel)).Failure!.Code);
        Assert.Equal(FailureKind.NotFound, (await service.StartAsync(Guid.NewGuid(), TrainingRoom.Admin, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await service.StartAsync(model, Actor.Of("m", "M", Roles.Manager), Cancel)).Failure!.Kind);
        var run = (await service.StartAsync(model, TrainingRoom.Admin, Cancel)).Value;
        Assert.Equal("scoring-already", (await service.StartAsync(model, TrainingRoom.Admin, Cancel)).Failure!.Code);
        await File.AppendAllTextAsync(room.ModelFile(model, ModelManifest.ModelFile), " ", Cancel);
        Assert.Contains("is not what was written", (await room.ExecuteAsync(run)).Error, StringComparison.Ordinal);
    }
}
