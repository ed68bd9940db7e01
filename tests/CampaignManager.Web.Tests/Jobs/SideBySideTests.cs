using CampaignManager.Application.Accounts;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Offers;
using CampaignManager.Web.Tests.Hosting;
using Hangfire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Jobs;

/// <summary>Hosts that come and go in one process do not take each other's workers down: Hangfire holds the newest one's log for all of them.</summary>
public sealed class SideBySideTests
{
    [Fact]
    public async Task Jobs_WhileOtherHostsComeAndGo_AreRun()
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var others = Task.Run(() => ComeAndGo(done.Token), TestContext.Current.CancellationToken);
        try
        {
            for (var i = 0; i < 4; i++)
            {
                await using var app = new WebApp();
                var jobs = app.Services.GetRequiredService<JobService>();
                var run = await jobs.StartAsync(ExpireReservationsJob.Kind, new { }, Actor.System, TestContext.Current.CancellationToken);
                Assert.Equal(JobState.Succeeded, await EndOfAsync(jobs, run));
            }
        }
        finally
        {
            await done.CancelAsync();
            await others;
        }
    }

    private static void ComeAndGo(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            using var host = new ServiceCollection().AddLogging().AddJobs(new ConfigurationBuilder().Build()).BuildServiceProvider();
            host.GetRequiredService<IBackgroundJobClient>();
        }
    }

    private static async Task<JobState> EndOfAsync(JobService jobs, Guid id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var looks = 0; looks < 600 && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken); looks++)
        {
            if ((await jobs.FindAsync(id, TestContext.Current.CancellationToken))!.State is var state and not (JobState.Queued or JobState.Running))
                return state;
        }

        throw new TimeoutException("The run did not end in half a minute.");
    }
}
