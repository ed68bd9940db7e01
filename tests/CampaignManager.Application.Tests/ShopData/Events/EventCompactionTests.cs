using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Application.Tests.Data;
using Microsoft.EntityFrameworkCore;
using static CampaignManager.Application.Tests.ShopData.Events.AnEventRoom;

namespace CampaignManager.Application.Tests.ShopData.Events;

/// <summary>From the buffer into the lake, exactly once, whatever happens in between.</summary>
public class EventCompactionTests(PostgresServer server)
{
    private sealed class Death : Exception;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Again_WritesNothing_AndADayIsOneLineOfTheCatalogue()
    {
        await using var room = await OpenAsync();
        for (var round = 0; round < 3; round++)
        {
            await room.TakenAsync(View($"a{round}"), View($"b{round}", at: $"2026-11-0{(3 * round) + 1}T00:00:00Z"));
            Assert.Equal(2, await room.CompactAsync());
            Assert.Equal(0, await room.CompactAsync());
        }

        Assert.Equal(6, room.Rows().Count);
        var import = Assert.Single(room.Room.Lake.Catalogue().Imports);
        Assert.Equal(6, import.Counts["written:events"]);
        Assert.Equal(["2026-11-01..2026-11-01", "2026-11-04..2026-11-04", "2026-11-07..2026-11-07"], Assert.Single(import.Coverage, c => c.What == "events:view").Days);
        Assert.All(room.Room.Lake.Catalogue().Files, f => Assert.Equal([import.Version], f.Versions));
    }

    [Theory]
    [InlineData(false, "begun")]
    [InlineData(false, "written")]
    [InlineData(false, "finished")]
    [InlineData(true, "begun")]
    [InlineData(true, "written")]
    public async Task Run_DiesBetweenSteps_TheNextMakesEachEventThereOnce(bool postgres, string at)
    {
        await using var room = await OpenAsync(postgres ? await server.NewDatabaseAsync() : null);
        await room.TakenAsync(View("a"), View("b"));
        room.Compaction.Step = step => Die(step == at);
        await Assert.ThrowsAsync<Death>(room.CompactAsync);
        room.Compaction.Step = null;
        // What comes in between belongs to no batch yet.
        await room.TakenAsync(View("b"), View("c"));

        await room.CompactAsync();

        Assert.Equal(["a", "b", "c"], room.Rows());
        Assert.Equal(0, await room.CompactAsync());
    }

    [Fact]
    public async Task Run_DiesAtEveryStepOfTheLake_NothingHalfNothingDoubled()
    {
        await using var room = await OpenAsync();
        var (left, deaths, sent) = (0, 0, 0);
        room.Room.Lake.Step = _ => Die(left-- == 0);
        for (var at = 0; ; at++)
        {
            await room.TakenAsync(View($"e{sent++}"), View($"e{sent++}", customer: "C-2", at: "2026-05-01T00:00:00Z"));
            left = at;
            var died = await Record.ExceptionAsync(room.CompactAsync) is Death;
            left = int.MaxValue;
            Assert.True(room.Rows().Count <= sent);
            await room.CompactAsync();
            Assert.Equal(Enumerable.Range(0, sent).Select(i => "e" + i).Order(StringComparer.Ordinal), room.Rows());
            if (!died)
                break;
            deaths++;
        }

        Assert.True(deaths > 8, $"{deaths} steps");
    }

    [Fact]
    public async Task Clock_OldEnough_StartsOneRun_WhichBringsThemIntoTheLake_AndFiguresFollow()
    {
        await using var room = await OpenAsync(settings: ("Events:CompactAfterRows", "2"));
        var clock = Clock(room);
        await room.TakenAsync(View("a"));
        Assert.Null(await clock.LookAsync(Stop));
        await room.TakenAsync(View("b"));

        var run = await clock.LookAsync(Stop);
        Assert.NotNull(run);
        Assert.Null(await clock.LookAsync(Stop));
        await room.Room.Get<JobRunner>().ExecuteAsync(run.Value, Stop);

        Assert.Equal(["a", "b"], room.Rows());
        Assert.Equal((JobState.Succeeded, """{"written":2}"""), await RunAsync(room, r => r.Id == run));
        Assert.Null(await clock.LookAsync(Stop));
        Assert.Equal(JobState.Queued, (await RunAsync(room, r => r.Kind == "check-quality")).State);
        Assert.Equal(JobState.Queued, (await RunAsync(room, r => r.Kind == "compute-features")).State);
    }

    private static EventClock Clock(AnEventRoom room) => Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<EventClock>(room.Room.Get<IServiceProvider>());

    private static async Task<(JobState State, string? Result)> RunAsync(AnEventRoom room, System.Linq.Expressions.Expression<Func<JobRun, bool>> which)
    {
        await using var context = await room.Room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(Stop);
        var run = await context.JobRuns.SingleAsync(which, Stop);
        return (run.State, run.Result);
    }

    private static void Die(bool now)
    {
        if (now)
            throw new Death();
    }
}
