using CampaignManager.Application.Data;
using Hangfire;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs;

/// <summary>Takes up what dead processes left: at every start, and from time to time on every worker.</summary>
public sealed class JobTakeover(IDbContextFactory<AppDbContext> contexts, IBackgroundJobClient hangfire,
    JobStorage storage, JobNotifier notifier, TimeProvider time)
{
    private const string Queue = "default";

    /// <summary>
    /// Runs whose worker is dead are queued again; one that somebody had asked to cancel is cancelled instead. Beside SQLite, call it at
    /// the start only: the one process that serves has claimed nothing yet, so every running row is dead. Beside PostgreSQL whoever has
    /// sent no heartbeat for <see cref="JobNode.DeadAfter"/> is.
    /// </summary>
    /// <returns>How many runs were queued again.</returns>
    public async Task<int> TakeUpAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(time, cancellationToken);
        var waiting = context.Database.IsNpgsql() ? await DeadAsync(context, now, cancellationToken)
            : await AllAsync(context, now, cancellationToken);
        foreach (var id in waiting)
        {
            hangfire.Enqueue<JobRunner>(runner => runner.ExecuteAsync(id, CancellationToken.None));
            notifier.Changed(id);
        }

        return waiting.Count;
    }

    private static async Task<List<Guid>> AllAsync(AppDbContext context, DateTime now, CancellationToken cancellationToken)
    {
        await RequeueAsync(context.JobRuns, now, cancellationToken);
        // The queue in memory died with the process: what waited in it is queued again too.
        return await context.JobRuns.Where(r => r.State == JobState.Queued).OrderBy(r => r.CreatedAt)
            .Select(r => r.Id).ToListAsync(cancellationToken);
    }

    private async Task<List<Guid>> DeadAsync(AppDbContext context, DateTime now, CancellationToken cancellationToken)
    {
        var since = now - JobNode.DeadAfter;
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        // Skipped: a worker that is just publishing holds its row, and several nodes may sweep at once.
        var dead = await context.JobRuns
            .FromSql(
                $"""
                SELECT * FROM "JobRuns" WHERE "State" = 'Running' AND ("HeartbeatAt" IS NULL OR "HeartbeatAt" < {since})
                FOR UPDATE SKIP LOCKED
                """)
            .AsNoTracking().ToListAsync(cancellationToken);
        var ids = dead.OrderBy(r => r.CreatedAt).Select(r => r.Id).ToList();
        await RequeueAsync(context.JobRuns.Where(r => ids.Contains(r.Id)), now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. dead.Where(r => !r.CancelRequested).OrderBy(r => r.CreatedAt).Select(r => r.Id),
            .. await ForgottenAsync(context, ids, since, cancellationToken)];
    }

    /// <summary>
    /// Runs written down by a process that died before it put them into the queue. A second entry in the queue does no harm: a run is
    /// claimed once.
    /// </summary>
    private async Task<List<Guid>> ForgottenAsync(AppDbContext context, List<Guid> known, DateTime since,
        CancellationToken cancellationToken) =>
        storage.GetMonitoringApi().EnqueuedCount(Queue) > 0 ? [] : await context.JobRuns
            .Where(r => r.State == JobState.Queued && r.CreatedAt < since && !known.Contains(r.Id))
            .OrderBy(r => r.CreatedAt).Select(r => r.Id).ToListAsync(cancellationToken);

    private static async Task RequeueAsync(IQueryable<JobRun> runs, DateTime now, CancellationToken cancellationToken)
    {
        await runs.Where(r => r.State == JobState.Running && r.CancelRequested)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Cancelled)
                .SetProperty(r => r.FinishedAt, now), cancellationToken);
        await runs.Where(r => r.State == JobState.Running).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, JobState.Queued).SetProperty(r => r.Node, (Guid?)null)
                .SetProperty(r => r.HeartbeatAt, (DateTime?)null), cancellationToken);
    }
}
