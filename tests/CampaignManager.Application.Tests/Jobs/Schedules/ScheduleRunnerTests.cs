using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Jobs.Schedules;

public sealed class ScheduleRunnerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fire_BeforeItIsDue_StartsNothing()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        room.Time.Set("2026-06-01T02:59:59Z");
        Assert.Null(await room.FireAsync(id));
        Assert.Empty(await room.RunsAsync());
    }

    [Fact]
    public async Task Fire_TwiceForOneDueTime_StartsOneRun()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        room.Time.Set("2026-06-01T03:00Z");
        Assert.NotNull(await room.FireAsync(id));
        Assert.Null(await room.FireAsync(id));
        Assert.Equal(AJobRoom.Utc("2026-06-01T03:00Z"), Assert.Single(await room.RunsAsync()).DueAt);
    }

    [Fact]
    public async Task Fire_ManyHostsAtOnce_StartOneRun()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        room.Time.Set("2026-06-01T03:00Z");
        var fired = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => room.FireAsync(id), Stop)));
        Assert.Single(fired, run => run is not null);
        Assert.Single(await room.RunsAsync());
    }

    [Fact]
    public async Task Fire_KilledBetweenRunAndSettling_FindsTheRunThere()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        room.Time.Set("2026-06-01T03:00Z");
        await room.FireAsync(id);
        await using (var context = await room.ContextAsync())
            await context.Schedules.ExecuteUpdateAsync(s => s.SetProperty(x => x.SettledUntil, AJobRoom.Utc("2026-06-01T00:00Z")), Stop);

        Assert.Null(await room.FireAsync(id));
        Assert.Single(await room.RunsAsync());
        await using var after = await room.ContextAsync();
        Assert.Equal(AJobRoom.Utc("2026-06-01T03:00Z"), (await after.Schedules.SingleAsync(Stop)).SettledUntil);
    }

    [Fact]
    public async Task Start_ThreeNightsMissed_MakesUpWithOneRunForTheLast()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        await room.ScheduleAsync();
        room.Time.Set("2026-06-03T12:00Z");
        Assert.Equal(1, await room.Get<ScheduleTimetable>().StartAsync(Stop));
        Assert.Equal(0, await room.Get<ScheduleTimetable>().StartAsync(Stop));
        Assert.Equal(AJobRoom.Utc("2026-06-03T03:00Z"), Assert.Single(await room.RunsAsync()).DueAt);
        Assert.Single(room.Recurring());
    }

    [Fact]
    public async Task Fire_RunBeforeNotOver_WaitsAndIsMadeUpForAfterwards()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync("0 * * * *");
        room.Time.Set("2026-06-01T01:00Z");
        var first = (await room.FireAsync(id))!.Value;
        room.Time.Set("2026-06-01T02:00Z");
        Assert.Null(await room.FireAsync(id));
        await room.ExecuteAsync(first);
        room.Time.Set("2026-06-01T02:05Z");
        Assert.NotNull(await room.FireAsync(id));
        Assert.Equal([AJobRoom.Utc("2026-06-01T01:00Z"), AJobRoom.Utc("2026-06-01T02:00Z")], (await room.RunsAsync()).Select(r => r.DueAt!.Value));
    }

    [Fact]
    public async Task Fire_JobRefusesItsArguments_WritesAFailedRunWithTheReason()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        room.Refusal = "The experiment is gone.";
        room.Time.Set("2026-06-01T03:00Z");
        Assert.NotNull(await room.FireAsync(id));
        Assert.Null(await room.FireAsync(id));
        var run = Assert.Single(await room.RunsAsync());
        Assert.Equal((JobState.Failed, "The experiment is gone."), (run.State, run.Error));
        Assert.Equal(0, await room.Get<JobTakeover>().TakeUpAsync(Stop));
    }

    [Fact]
    public async Task Fire_DeletedSchedule_DoesNothing()
    {
        await using var room = await AJobRoom.OpenAsync();
        await room.Get<ScheduleRunner>().FireAsync(Guid.NewGuid(), Stop);
        Assert.Empty(await room.RunsAsync());
    }
}
