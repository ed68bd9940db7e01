using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Jobs;

/// <summary>Two nodes over one PostgreSQL database: what is whose, and what becomes of it when one of them falls silent.</summary>
public sealed class NodesTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakeUp_RunOfALivingNode_IsLeftAlone()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        await using var other = await AJobRoom.OpenAsync(database: database);
        one.Stall.Gate = new TaskCompletionSource();
        var id = await one.Get<JobService>().StartAsync(StallingJob.Kind, new CountUp(), AJobRoom.Ada, Stop);
        var execution = one.ExecuteAsync(id);
        await one.Stall.Reached.Task.WaitAsync(Patience, Stop);

        // Beaten a moment before it would count as dead.
        await AgeAsync(one, TimeSpan.FromSeconds(40));
        await one.Get<JobHeartbeat>().BeatAsync(Stop);
        Assert.Equal(0, await other.Get<JobTakeover>().TakeUpAsync(Stop));

        one.Stall.Gate.SetResult();
        await execution.WaitAsync(Patience, Stop);
        var run = Assert.Single(await one.RunsAsync());
        Assert.Equal((JobState.Succeeded, 1, one.Get<JobNode>().Id), (run.State, run.Attempt, run.Node));
    }

    [Fact]
    public async Task Wake_OfAWorkerThatWasTakenForDead_ChangesNothing()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        await using var other = await AJobRoom.OpenAsync(database: database);
        one.Stall.Gate = new TaskCompletionSource();
        var id = await one.Get<JobService>().StartAsync(StallingJob.Kind, new CountUp(), AJobRoom.Ada, Stop);
        var execution = one.ExecuteAsync(id);
        await one.Stall.Reached.Task.WaitAsync(Patience, Stop);

        await AgeAsync(one, TimeSpan.FromSeconds(31));
        Assert.Equal(1, await other.Get<JobTakeover>().TakeUpAsync(Stop));
        await other.ExecuteAsync(id);
        var ended = Assert.Single(await other.RunsAsync());
        Assert.Equal((JobState.Succeeded, 2, """{"to":2}""", other.Get<JobNode>().Id),
            (ended.State, ended.Attempt, ended.Result, ended.Node));
        Assert.Equal(["attempt 2"], other.Stall.Published);

        one.Stall.Gate.SetResult();
        await execution.WaitAsync(Patience, Stop);
        Assert.Empty(one.Stall.Published);
        // Refused: progress, log, the question itself, the publishing.
        Assert.Equal(4, one.Stall.Begun.Count);
        var after = Assert.Single(await other.RunsAsync());
        Assert.Equal((ended.State, ended.Attempt, ended.Result, ended.Progress, ended.Stage, ended.FinishedAt),
            (after.State, after.Attempt, after.Result, after.Progress, after.Stage, after.FinishedAt));
        Assert.Single(await other.Get<JobService>().LogAsync(id, Stop));
    }

    [Fact]
    public async Task Publish_WhileTheOthersSweep_KeepsTheRun()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        await using var other = await AJobRoom.OpenAsync(database: database);
        one.Stall.Gate = new TaskCompletionSource();
        var id = await one.Get<JobService>().StartAsync(StallingJob.Kind, new CountUp(), AJobRoom.Ada, Stop);
        var execution = one.ExecuteAsync(id);
        await one.Stall.Reached.Task.WaitAsync(Patience, Stop);
        await AgeAsync(one, TimeSpan.FromSeconds(31));

        // A worker that stalls in the middle of publishing still owns the run: whoever sweeps passes over it.
        var taken = -1;
        await Task.Run(
            () =>
            {
                new RunClaim(one.Get<IDbContextFactory<AppDbContext>>(), id, 1).Enter();
                RunClaim.Publish(() => taken = Sweep(other));
            }, Stop);
        Assert.Equal(0, taken);
        Assert.Equal(0, await other.Get<JobTakeover>().TakeUpAsync(Stop));
        one.Stall.Gate.SetResult();
        await execution.WaitAsync(Patience, Stop);
        Assert.Equal((JobState.Succeeded, 1), (await one.RunsAsync()).Select(r => (r.State, r.Attempt)).Single());
    }

    [Fact]
    public async Task Stop_OfAHost_HandsItsRunsBackAtOnce()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        one.Job.StopAt = 2;
        var id = await one.Get<JobService>().StartAsync(AJobRoom.Kind, new CountUp(3), AJobRoom.Ada, Stop);
        using var shutdown = new CancellationTokenSource();
        var execution = one.ExecuteAsync(id, shutdown.Token);
        await one.Job.Reached.Task.WaitAsync(Patience, Stop);
        await shutdown.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => execution);
        Assert.Equal((JobState.Queued, null), (await one.RunsAsync()).Select(r => (r.State, r.Node)).Single());
    }

    [Fact]
    public async Task Beat_RunThatAnotherNodeCancelled_StopsItHere()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        await using var other = await AJobRoom.OpenAsync(database: database);
        one.Job.StopAt = 1;
        var id = await one.Get<JobService>().StartAsync(AJobRoom.Kind, new CountUp(3), AJobRoom.Ada, Stop);
        var execution = one.ExecuteAsync(id);
        await one.Job.Reached.Task.WaitAsync(Patience, Stop);
        await other.Get<JobService>().CancelAsync(id, Stop);
        await one.Get<JobHeartbeat>().BeatAsync(Stop);
        await execution.WaitAsync(Patience, Stop);
        Assert.Equal(JobState.Cancelled, (await one.RunsAsync()).Single().State);
    }

    // Sweeps from within a synchronous step, on a flow of its own that carries no claim.
    private static int Sweep(AJobRoom room)
    {
        using var quiet = ExecutionContext.SuppressFlow();
        var sweep = Task.Run(() => room.Get<JobTakeover>().TakeUpAsync(CancellationToken.None));
        return ((IAsyncResult)sweep).AsyncWaitHandle.WaitOne(Patience) ? sweep.GetAwaiter().GetResult() : -1;
    }

    /// <summary>As if nothing had been heard of the running ones for so long.</summary>
    internal static async Task AgeAsync(AJobRoom room, TimeSpan silence)
    {
        await using var context = await room.ContextAsync();
        await context.JobRuns.Where(r => r.State == JobState.Running)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.HeartbeatAt, r => r.HeartbeatAt - silence), Stop);
        await context.JobParts.Where(r => r.State == JobPartState.Running)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.HeartbeatAt, r => r.HeartbeatAt - silence), Stop);
    }
}
