using CampaignManager.Application.Audiences;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.Uplift.Scoring;

namespace CampaignManager.Application.Tests.Uplift.Scoring;

public sealed class StaleScoresTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A version's scores as a run leaves them; without a seal, as a killed one does.</summary>
    private static async Task<Guid> LayAsync(TrainingRoom room, int? day)
    {
        var id = Guid.NewGuid();
        var basis = new ScoreBasis(id, "m", "f", null, null);
        await room.Get<DataLake>().WriteTextAsync("x", CustomerScores.FileOf(id, 0), Cancel);
        await room.Get<CustomerScores>().SealAsync(basis, 0, 1, Cancel);
        if (day is { } d)
        {
            var at = new DateTime(2026, 1, d, 0, 0, 0, DateTimeKind.Utc);
            await room.Get<CustomerScores>().SealAsync(new ScoredRun(basis, at, at, null, ["arm 1"], 1, new Dictionary<int, string> { [0] = "h" }), Cancel);
        }

        return id;
    }

    private static async Task ScoreAsync(TrainingRoom room, Guid model, string log)
    {
        var started = await room.Get<CustomerScoringService>().StartAsync(model, TrainingRoom.Admin, Cancel);
        var run = await room.ExecuteAsync(started.Value);
        Assert.Equal((JobState.Succeeded, null), (run.State, run.Error));
        Assert.Contains(await room.Get<JobService>().LogAsync(run.Id, Cancel), l => l.Text == log);
    }

    [Fact]
    public async Task Score_Whole_KeepsTheNewestAndTheOneInUseAndClearsTheRest()
    {
        var (room, champion) = await ScoreCustomersJobTests.ShopAsync();
        await using var _ = room;
        Guid[] stale = [await LayAsync(room, 1), await LayAsync(room, 2), await LayAsync(room, day: null)];
        var newest = await LayAsync(room, 3);
        await ScoreAsync(room, champion, "Cleared the scores of 3 earlier versions.");
        // The champion's run was asked for after all days above, so it is the newest, and day 3 the second.
        Assert.Equal(new[] { champion, newest }.Order(), room.Get<CustomerScores>().Models().Order());
        Assert.All(stale, id => Assert.False(Directory.Exists(room.Get<DataLake>().PathTo(CustomerScores.FolderOf(id)))));
        Assert.Equal(400, (await room.Get<CustomerScores>().WholeRunAsync(champion, Cancel))!.Rows);

        // Older than two others, and still in use.
        await LayNewerAsync(room);
        await LayNewerAsync(room);
        Assert.Equal(1, await room.Get<StaleScores>().ClearAsync(Cancel));
        Assert.Contains(champion, room.Get<CustomerScores>().Models());
        Assert.DoesNotContain(newest, room.Get<CustomerScores>().Models());
    }

    [Fact]
    public async Task Clear_ScoredJustNow_IsLeftAlone()
    {
        var (room, champion) = await ScoreCustomersJobTests.ShopAsync();
        await using var _ = room;
        var half = await LayAsync(room, day: null);
        await room.Get<JobService>().StartAsync(ScoreCustomersJob.Kind, new ScoreCustomers(half), TrainingRoom.Admin, Cancel);
        Assert.Equal(0, await room.Get<StaleScores>().ClearAsync(Cancel));
        Assert.Equal(half, Assert.Single(room.Get<CustomerScores>().Models()));
        Assert.NotEqual(champion, half);
    }

    [Fact]
    public async Task Clear_KilledInTheMiddle_IsFinishedByTheNext()
    {
        var (room, _) = await ScoreCustomersJobTests.ShopAsync();
        await using var __ = room;
        var (stale, first, second) = (await LayAsync(room, 1), await LayAsync(room, 2), await LayAsync(room, 3));
        // As a killed removal leaves it: the seal is gone, the buckets are there.
        File.Delete(room.Get<DataLake>().PathTo($"{CustomerScores.FolderOf(stale)}/run.json"));
        Assert.Null(await room.Get<CustomerScores>().WholeRunAsync(stale, Cancel));
        Assert.Equal(1, await room.Get<StaleScores>().ClearAsync(Cancel));
        Assert.Equal(new[] { first, second }.Order(), room.Get<CustomerScores>().Models().Order());
        Assert.Equal(0, await room.Get<StaleScores>().ClearAsync(Cancel));
    }

    private static async Task LayNewerAsync(TrainingRoom room)
    {
        var id = await LayAsync(room, day: null);
        var at = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await room.Get<CustomerScores>().SealAsync(new ScoredRun(new ScoreBasis(id, "m", "f", null, null), at, at, null, ["arm 1"], 1, new Dictionary<int, string>()), Cancel);
    }
}
