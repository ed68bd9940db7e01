using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Jobs;

public sealed class JobRunTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Execute_ToTheEnd_WritesResultAndProgress()
    {
        await using var room = await AJobRoom.OpenAsync();
        var id = await room.Get<JobService>().StartAsync(AJobRoom.Kind, new CountUp(5), AJobRoom.Ada, Stop);
        await room.ExecuteAsync(id);

        var run = Assert.Single(await room.RunsAsync());
        Assert.Equal((JobState.Succeeded, 1.0, 1), (run.State, run.Progress, run.Attempt));
        Assert.Equal("""{"to":5}""", run.Result);
        Assert.Equal([1, 2, 3, 4, 5], room.Job.Counted);
    }

    [Fact]
    public async Task Execute_TwiceTheSameRun_WorksOnce()
    {
        await using var room = await AJobRoom.OpenAsync();
        var id = await room.Get<JobService>().StartAsync(AJobRoom.Kind, new CountUp(2), AJobRoom.Ada, Stop);
        await room.ExecuteAsync(id);
        await room.ExecuteAsync(id);
        Assert.Equal([1, 2], room.Job.Counted);
    }

    [Fact]
    public async Task Resume_RunLeftRunningByAKilledProcess_RunsAgainAsSecondAttempt()
    {
        await using var room = await AJobRoom.OpenAsync();
        var id = await room.Get<JobService>().StartAsync(AJobRoom.Kind, new CountUp(2), AJobRoom.Ada, Stop);
        await using (var context = await room.ContextAsync())
        {
            // As SIGKILL leaves it: claimed, half-way, nobody at work.
            await context.JobRuns.ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Running).SetProperty(r => r.Attempt, 1).SetProperty(r => r.Progress, 0.5), Stop);
        }

        Assert.Equal(1, await room.Get<JobTakeover>().TakeUpAsync(Stop));
        await room.ExecuteAsync(id);
        var run = Assert.Single(await room.RunsAsync());
        Assert.Equal((JobState.Succeeded, 2), (run.State, run.Attempt));
        Assert.Equal([1, 2], room.Job.Counted);
    }

    [Fact]
    public async Task Execute_HostGoesDown_LeavesTheRunForTheNextStart()
    {
        await using var room = await AJobRoom.OpenAsync();
        room.Job.StopAt = 2;
        var id = await room.Get<JobService>().StartAsync(AJobRoom.Kind, new CountUp(3), AJobRoom.Ada, Stop);
        using var shutdown = new CancellationTokenSource();
        var execution = room.ExecuteAsync(id, shutdown.Token);
        await room.Job.Reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        await shutdown.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => execution);
        Assert.Equal(JobState.Running, Assert.Single(await room.RunsAsync()).State);

        room.Job.StopAt = null;
        Assert.Equal(1, await room.Get<JobTakeover>().TakeUpAsync(Stop));
        await room.ExecuteAsync(id);
        Assert.Equal(JobState.Succeeded, Assert.Single(await room.RunsAsync()).State);
    }

    [Fact]
    public async Task Cancel_ByWhoStartedItOrAnAdmin_StopsIt_ByOthersIsRefused()
    {
        await using var room = await AJobRoom.OpenAsync();
        room.Job.StopAt = 1;
        var jobs = room.Get<JobService>();
        var id = await jobs.StartAsync(AJobRoom.Kind, new CountUp(3), AJobRoom.Mia, Stop);
        var execution = room.ExecuteAsync(id);
        await room.Job.Reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);

        Assert.Equal(FailureKind.Forbidden, (await jobs.CancelAsync(id, AJobRoom.Max, Stop)).Failure?.Kind);
        Assert.True((await jobs.CancelAsync(id, AJobRoom.Mia, Stop)).Succeeded);
        await execution.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Equal(JobState.Cancelled, Assert.Single(await room.RunsAsync()).State);
        Assert.Equal("run-ended", (await jobs.CancelAsync(id, AJobRoom.Ada, Stop)).Failure?.Code);
    }
}
