using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Quality;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>
/// Has the buffer put into the lake when it is old or long enough, and what is computed from the lake made anew afterwards, at most once an hour: events come in all the time.
/// </summary>
internal sealed class EventClock(
    IDbContextFactory<AppDbContext> contexts, EventStore store, JobService jobs, QualityService quality, ShopDataChanged changed, DemoDataPresent demo,
    IOptions<EventOptions> options, TimeProvider time, ILogger<EventClock> logger) : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FollowEvery = TimeSpan.FromHours(1);

    protected override TimeSpan Period => Every;

    protected override string Failed => "Whether events are due in the lake could not be seen; they are safe in the buffer";

    protected override Task TickAsync(CancellationToken cancellationToken) => LookAsync(cancellationToken);

    /// <returns>The run that was started; null: none is due.</returns>
    internal async Task<Guid?> LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow().UtcDateTime;
        var (rows, oldest) = await store.StateAsync(cancel);
        await using var context = await contexts.CreateDbContextAsync(cancel);
        if (rows < options.Value.CompactAfterRows && !(oldest <= now.AddSeconds(-options.Value.CompactAfterSeconds)))
        {
            await FollowAsync(context, now, cancel);
            return null;
        }

        var atWork = await context.JobRuns.AnyAsync(
            r => r.Kind == CompactEventsJob.Kind && (r.State == JobState.Queued || r.State == JobState.Running), cancel);
        return atWork || await demo(cancel) ? null : await jobs.StartAsync(CompactEventsJob.Kind, new CompactEvents(), Actor.System, cancel);
    }

    private async Task FollowAsync(AppDbContext context, DateTime now, CancellationToken cancel)
    {
        var last = await context.JobRuns.Where(r => r.Kind == CompactEventsJob.Kind && r.State == JobState.Succeeded)
            .OrderByDescending(r => r.CreatedAt).Select(r => r.FinishedAt).FirstOrDefaultAsync(cancel);
        if (last is null)
            return;
        var measured = await context.JobRuns.Where(r => r.Kind == QualityService.JobKind)
            .OrderByDescending(r => r.CreatedAt).Select(r => (DateTime?)r.CreatedAt).FirstOrDefaultAsync(cancel);
        if (measured >= last || measured > now - FollowEvery)
            return;
        await changed(cancel);
        await quality.StartAsync(Actor.System, cancel);
    }
}
