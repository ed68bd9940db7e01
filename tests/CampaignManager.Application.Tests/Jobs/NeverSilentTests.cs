using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Jobs;

/// <summary>A log that stands still looks like a run that hangs.</summary>
public sealed class NeverSilentTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_SaysNothingForLong_ItsLogIsNeverSilentForMoreThanTenSeconds()
    {
        await using var room = await AJobRoom.OpenAsync();
        var id = await room.Get<JobService>().StartAsync(AJobRoom.Kind, new CountUp(1), AJobRoom.Ada, Stop);
        JobRun run;
        await using (var context = await room.ContextAsync())
            run = await context.JobRuns.SingleAsync(r => r.Id == id, Stop);
        var (at, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var job = new JobContext(run, room.Get<IDbContextFactory<AppDbContext>>(), room.Get<JobNotifier>(), room.Time);
        var began = room.Time.GetUtcNow().UtcDateTime;
        var working = job.NeverSilentAsync(
            async (context, stop) =>
            {
                await context.ReportAsync(JobStage.Training, 0.25, stop);
                at.SetResult();
                await end.Task;
                return 7;
            },
            Stop);
        await at.Task;

        // By the clock of the test: a tick at a time, and after each what was to be said has been said.
        for (var seconds = 2; seconds <= 40; seconds += 2)
        {
            var spoken = new TaskCompletionSource();
            using var told = room.Get<JobNotifier>().Subscribe(_ => spoken.TrySetResult());
            room.Time.Advance(TimeSpan.FromSeconds(2));
            if (seconds % 8 == 0)
                await spoken.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        }

        end.SetResult();
        Assert.Equal(7, await working);
        await using var after = await room.ContextAsync();
        var lines = await after.JobLogLines.Where(l => l.JobRunId == id).OrderBy(l => l.Id).ToListAsync(Stop);
        Assert.Equal([8, 16, 24, 32, 40], lines.Select(l => (l.At - began).TotalSeconds));
        Assert.All(lines, l => Assert.Equal("training: 25 % of the run is done.", l.Text));
    }
}
