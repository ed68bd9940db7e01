using CampaignManager.Application.Jobs;
using CampaignManager.Application.Tests.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Jobs;

public sealed class JobPartsTests(PostgresServer server)
{
    private const string Squares = "[10,11,14,19,26,35]";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OnOneMachine_DoesThePartsInOrderAndLeavesNoRows()
    {
        await using var room = await AJobRoom.OpenAsync();
        await room.ExecuteAsync(await StartAsync(room));
        Assert.Equal((JobState.Succeeded, Squares), (await room.RunsAsync()).Select(r => (r.State, r.Result)).Single());
        Assert.Equal([0, 1, 2, 3, 4, 5], room.Stall.Begun);
        await using var context = await room.ContextAsync();
        Assert.False(await context.JobParts.AnyAsync(Stop));
    }

    [Fact]
    public async Task Run_KilledInTheMiddle_GoesOnWhereItWas()
    {
        await using var room = await AJobRoom.OpenAsync();
        (room.Stall.Part, room.Stall.Gate) = (3, new TaskCompletionSource());
        var id = await StartAsync(room);
        using var shutdown = new CancellationTokenSource();
        var execution = room.ExecuteAsync(id, shutdown.Token);
        await room.Stall.Reached.Task.WaitAsync(Patience, Stop);
        await shutdown.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => execution);

        room.Stall.Gate = null;
        Assert.Equal(1, await room.Get<JobTakeover>().TakeUpAsync(Stop));
        await room.ExecuteAsync(id);
        Assert.Equal((JobState.Succeeded, Squares, 2), (await room.RunsAsync()).Select(r => (r.State, r.Result, r.Attempt)).Single());
        Assert.Equal([0, 1, 2, 3, 3, 4, 5], room.Stall.Begun);
    }

    [Fact]
    public async Task Run_APartFails_FailsWithItsSentenceAndBeginsNoFurtherPart()
    {
        await using var room = await AJobRoom.OpenAsync();
        room.Stall.Failing = 2;
        await room.ExecuteAsync(await StartAsync(room));
        var run = Assert.Single(await room.RunsAsync());
        Assert.Equal((JobState.Failed, "Part 2 is of no use."), (run.State, run.Error));
        Assert.Equal("nothing-to-learn-from", JobSentence.Read(run.ErrorSentence, run.Error!)!.Code);
        Assert.Equal([0, 1, 2], room.Stall.Begun);
    }

    [Fact]
    public async Task Run_WithoutARow_DoesThePartsHere()
    {
        await using var room = await AJobRoom.OpenAsync();
        List<double> shares = [];
        var squares = await room.Get<JobParts>().RunAsync<int>(null, PartedJob.Work, 4, new CountUp(0), share =>
        {
            shares.Add(share);
            return Task.CompletedTask;
        }, Stop);
        Assert.Equal([0, 1, 4, 9], squares);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], shares);
    }

    [Fact]
    public async Task Run_WithAnotherNode_IsSharedAndEndsInTheSame()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        await using var other = await AJobRoom.OpenAsync(database: database);
        (one.Stall.Part, one.Stall.Gate) = (0, new TaskCompletionSource());
        var execution = one.ExecuteAsync(await StartAsync(one));
        await one.Stall.Reached.Task.WaitAsync(Patience, Stop);

        // The run's own worker is still at its first part: all the others are done by the one who helps.
        Assert.True(await other.Get<PartWorker>().HelpAsync(Stop));
        Assert.False(await other.Get<PartWorker>().HelpAsync(Stop), "Nothing is left to take.");
        Assert.Equal([1, 2, 3, 4, 5], other.Stall.Begun);
        one.Stall.Gate.SetResult();
        await execution.WaitAsync(Patience, Stop);
        Assert.Equal([0], one.Stall.Begun);
        Assert.Equal((JobState.Succeeded, Squares), (await one.RunsAsync()).Select(r => (r.State, r.Result)).Single());
    }

    [Fact]
    public async Task Run_TheHelperDiesAtAPart_TakesItUp_AndItsAnswerComesTooLate()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        await using var other = await AJobRoom.OpenAsync(database: database);
        (one.Stall.Part, one.Stall.Gate) = (0, new TaskCompletionSource());
        (other.Stall.Part, other.Stall.Gate) = (1, new TaskCompletionSource());
        var execution = one.ExecuteAsync(await StartAsync(one));
        await one.Stall.Reached.Task.WaitAsync(Patience, Stop);
        var help = other.Get<PartWorker>().HelpAsync(Stop);
        await other.Stall.Reached.Task.WaitAsync(Patience, Stop);

        await NodesTests.AgeAsync(other, TimeSpan.FromSeconds(31));
        await one.Get<JobHeartbeat>().BeatAsync(Stop);
        one.Stall.Gate.SetResult();
        await execution.WaitAsync(Patience, Stop);
        Assert.Equal([0, 1, 2, 3, 4, 5], one.Stall.Begun);
        Assert.Equal((JobState.Succeeded, Squares, 1), (await one.RunsAsync()).Select(r => (r.State, r.Result, r.Attempt)).Single());
        other.Stall.Gate.SetResult();
        await help.WaitAsync(Patience, Stop);
        Assert.Equal([1], other.Stall.Begun);
    }

    [Fact]
    public async Task TakeUp_TheRunsOwnWorkerDies_ThePartsThatAreDoneStayDone()
    {
        var database = await server.NewDatabaseAsync();
        await using var one = await AJobRoom.OpenAsync(database: database);
        await using var other = await AJobRoom.OpenAsync(database: database);
        (one.Stall.Part, one.Stall.Gate) = (2, new TaskCompletionSource());
        var id = await StartAsync(one);
        var execution = one.ExecuteAsync(id);
        await one.Stall.Reached.Task.WaitAsync(Patience, Stop);

        await NodesTests.AgeAsync(one, TimeSpan.FromSeconds(31));
        Assert.Equal(1, await other.Get<JobTakeover>().TakeUpAsync(Stop));
        await other.ExecuteAsync(id);
        Assert.Equal([2, 3, 4, 5], other.Stall.Begun);
        one.Stall.Gate.SetResult();
        await execution.WaitAsync(Patience, Stop);
        Assert.Equal((JobState.Succeeded, Squares, 2), (await one.RunsAsync()).Select(r => (r.State, r.Result, r.Attempt)).Single());
    }

    private static Task<Guid> StartAsync(AJobRoom room) => room.Get<JobService>()
        .StartAsync(PartedJob.Kind, new CountUp(6), AJobRoom.Ada, Stop);
}
