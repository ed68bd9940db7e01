using CampaignManager.Application.Accounts;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;

namespace CampaignManager.Application.Tests.Jobs.Schedules;

public sealed class ScheduleServiceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_ByOthersThanAdmins_IsRefusedAndChangesNothing()
    {
        await using var room = await AJobRoom.OpenAsync();
        var id = await room.ScheduleAsync();
        var service = room.Get<ScheduleService>();
        var list = room.Get<ScheduleList>();
        foreach (var actor in (Actor[])[AJobRoom.Mia, AJobRoom.Max])
        {
            Outcome[] outcomes =
            [
                await service.CreateAsync(AJobRoom.Draft(), actor, Stop), await service.UpdateAsync(id, AJobRoom.Draft("Other"), actor, Stop),
                await service.PauseAsync(id, true, actor, Stop), await service.RunNowAsync(id, actor, Stop), await service.DeleteAsync(id, actor, Stop),
                await list.ListAsync(new PageRequest(), actor, Stop), await list.HistoryAsync(new PageRequest(), actor, Stop),
            ];
            Assert.All(outcomes, o => Assert.Equal(FailureKind.Forbidden, o.Failure?.Kind));
        }

        var row = Assert.Single((await list.ListAsync(new PageRequest(), AJobRoom.Ada, Stop)).Value.Items);
        Assert.Equal(("Nightly", false), (row.Name, row.Paused));
        Assert.Empty(await room.RunsAsync());
    }

    [Fact]
    public async Task Create_Good_RegistersARecurringJobInItsZone()
    {
        await using var room = await AJobRoom.OpenAsync();
        var id = await room.ScheduleAsync("30 4 * * 1-5", "Asia/Shanghai");
        var recurring = Assert.Single(room.Recurring());
        Assert.Equal((ScheduleTimetable.Name(id), "30 4 * * 1-5", "Asia/Shanghai"), (recurring.Id, recurring.Cron, recurring.TimeZoneId));
    }

    [Fact]
    public async Task Create_Wrong_NamesEveryField()
    {
        await using var room = await AJobRoom.OpenAsync();
        var created = await room.Get<ScheduleService>().CreateAsync(new ScheduleDraft(" ", "no-such-job", "{}", "often", "UTC"), AJobRoom.Ada, Stop);
        Assert.Equal(["cron", "kind", "name"], created.Failure!.Errors!.Keys.Order());
        Assert.Empty(room.Recurring());
    }

    [Theory]
    [InlineData("""{"to":-1}""", "to")]
    [InlineData("""{"to":"many"}""", "arguments")]
    [InlineData("nonsense", "arguments")]
    public async Task Create_ArgumentsTheJobRefuses_SaysSo(string arguments, string field)
    {
        await using var room = await AJobRoom.OpenAsync();
        var created = await room.Get<ScheduleService>().CreateAsync(AJobRoom.Draft(arguments: arguments), AJobRoom.Ada, Stop);
        Assert.Equal([field], created.Failure!.Errors!.Keys);
    }

    [Fact]
    public async Task Pause_ThenResume_TakesItOutAndBackWithoutMakingUp()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        var service = room.Get<ScheduleService>();
        await service.PauseAsync(id, true, AJobRoom.Ada, Stop);
        Assert.Empty(room.Recurring());

        room.Time.Set("2026-06-03T12:00Z");
        Assert.Null(await room.FireAsync(id));
        await service.PauseAsync(id, false, AJobRoom.Ada, Stop);
        Assert.Single(room.Recurring());
        Assert.Null(await room.FireAsync(id));
        room.Time.Set("2026-06-04T03:00Z");
        Assert.NotNull(await room.FireAsync(id));
    }

    [Fact]
    public async Task Update_AnotherRhythm_MakesNothingDueInThePast()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync("0 23 * * *");
        room.Time.Set("2026-06-01T12:00Z");
        await room.Get<ScheduleService>().UpdateAsync(id, AJobRoom.Draft("Mornings", "0 6 * * *"), AJobRoom.Ada, Stop);
        Assert.Null(await room.FireAsync(id));
        Assert.Equal("0 6 * * *", Assert.Single(room.Recurring()).Cron);
        room.Time.Set("2026-06-02T06:00Z");
        Assert.NotNull(await room.FireAsync(id));
    }

    [Fact]
    public async Task RunNow_BesideTheRhythm_StartsARunAndLeavesWhatIsDue()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        var started = (await room.Get<ScheduleService>().RunNowAsync(id, AJobRoom.Ada, Stop)).Value;
        Assert.Equal("schedule-running", (await room.Get<ScheduleService>().RunNowAsync(id, AJobRoom.Ada, Stop)).Failure?.Code);
        await room.ExecuteAsync(started);
        room.Time.Set("2026-06-01T03:00Z");
        Assert.NotNull(await room.FireAsync(id));

        var runs = await room.RunsAsync();
        Assert.Equal([null, AJobRoom.Utc("2026-06-01T03:00Z")], runs.Select(r => r.DueAt));
        Assert.Equal(["Ada", Actor.System.Name], runs.Select(r => r.RequestedByName!));
        Assert.All(runs, r => Assert.Equal("""{"to":3}""", r.Arguments));
    }

    [Fact]
    public async Task Delete_WithHistory_KeepsTheRuns()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var id = await room.ScheduleAsync();
        room.Time.Set("2026-06-01T03:00Z");
        await room.ExecuteAsync((await room.FireAsync(id))!.Value);
        Assert.True((await room.Get<ScheduleService>().DeleteAsync(id, AJobRoom.Ada, Stop)).Succeeded);
        Assert.Empty(room.Recurring());

        var run = Assert.Single((await room.Get<ScheduleList>().HistoryAsync(new PageRequest(), AJobRoom.Ada, Stop)).Value.Items);
        Assert.Equal((null, JobState.Succeeded), (run.ScheduleName, run.State));
        Assert.Equal(FailureKind.NotFound, (await room.Get<ScheduleService>().RunNowAsync(id, AJobRoom.Ada, Stop)).Failure?.Kind);
    }

    [Fact]
    public async Task List_SeveralSchedules_ShowsNextAndLastOfEach()
    {
        await using var room = await AJobRoom.OpenAsync("2026-06-01T00:00Z");
        var nightly = await room.ScheduleAsync(name: "B nightly");
        var hourly = await room.ScheduleAsync("0 * * * *", name: "A hourly");
        var paused = await room.ScheduleAsync(name: "C paused");
        await room.Get<ScheduleService>().PauseAsync(paused, true, AJobRoom.Ada, Stop);
        room.Time.Set("2026-06-01T01:00Z");
        await room.ExecuteAsync((await room.FireAsync(hourly))!.Value);
        room.Time.Set("2026-06-01T03:30Z");
        await room.ExecuteAsync((await room.FireAsync(nightly))!.Value);

        var list = (await room.Get<ScheduleList>().ListAsync(new PageRequest(), AJobRoom.Ada, Stop)).Value;
        Assert.Equal(3, list.Total);
        Assert.Equal([hourly, nightly, paused], list.Items.Select(r => r.Id));
        Assert.Equal([AJobRoom.Utc("2026-06-01T04:00Z"), AJobRoom.Utc("2026-06-02T03:00Z"), null], list.Items.Select(r => r.NextAt));
        Assert.Equal([AJobRoom.Utc("2026-06-01T01:00Z"), AJobRoom.Utc("2026-06-01T03:00Z"), null], list.Items.Select(r => r.Last?.DueAt));
        var second = (await room.Get<ScheduleList>().ListAsync(new PageRequest(2, 2, "-name"), AJobRoom.Ada, Stop)).Value;
        Assert.Equal([hourly], second.Items.Select(r => r.Id));
    }
}
