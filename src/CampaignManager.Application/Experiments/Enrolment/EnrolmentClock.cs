using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>Has audiences enrolled at launch and every hour, exposures put into the lake, and epochs begun and ended when they are due.</summary>
internal sealed class EnrolmentClock(
    IDbContextFactory<AppDbContext> contexts, JobService jobs, ExposureCompaction compaction, EpochTurns turns, GlobalHoldoutTurns quarters, TimeProvider time, ILogger<EnrolmentClock> logger)
    : Clock(time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    internal static readonly TimeSpan Again = TimeSpan.FromHours(1);

    /// <summary>How long an exposure waits for the lake.</summary>
    internal static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);

    protected override TimeSpan Period => Every;

    protected override string Failed => "Whether customers are to be enrolled could not be seen";

    protected override Task TickAsync(CancellationToken cancellationToken) => LookAsync(cancellationToken);

    /// <returns>The runs that were started.</returns>
    internal async Task<IReadOnlyList<Guid>> LookAsync(CancellationToken cancel)
    {
        List<Guid> started = [];
        var now = Time.GetUtcNow().UtcDateTime;
        await turns.TurnAsync(cancel);
        await quarters.TurnAsync(cancel);
        await using var context = await contexts.CreateDbContextAsync(cancel);
        var due = now - Again;
        var toEnrol = await context.ExperimentEpochs.AnyAsync(
            e => e.EndedAt == null && e.Measured && (e.EnrolledAt == null || e.EnrolledAt <= due)
                && context.Set<Campaign>().Any(c => c.Id == e.CampaignId && c.Status == CampaignStatus.Live), cancel);
        if (toEnrol && !await AtWorkAsync(context, EnrolCustomersJob.Kind, cancel))
            started.Add(await jobs.StartAsync(EnrolCustomersJob.Kind, new EnrolCustomers(), Actor.System, cancel));
        if (await compaction.WaitingSinceAsync(cancel) <= now - Wait && !await AtWorkAsync(context, CompactExposuresJob.Kind, cancel))
            started.Add(await jobs.StartAsync(CompactExposuresJob.Kind, new CompactExposures(), Actor.System, cancel));
        return started;
    }

    private static Task<bool> AtWorkAsync(AppDbContext context, string kind, CancellationToken cancel) =>
        context.JobRuns.AnyAsync(r => r.Kind == kind && (r.State == JobState.Queued || r.State == JobState.Running), cancel);
}
