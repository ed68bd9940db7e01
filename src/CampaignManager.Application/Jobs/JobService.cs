using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Hangfire;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs;

/// <summary>Starts, cancels and shows runs.</summary>
public sealed class JobService(
    IDbContextFactory<AppDbContext> contexts,
    IBackgroundJobClient hangfire,
    JobNotifier notifier,
    JobCancellations cancellations,
    TimeProvider time)
{
    /// <summary>Writes the run down, then asks Hangfire to execute it: a crash in between is mended at the next start.</summary>
    public async Task<Guid> StartAsync(string kind, object arguments, Actor actor, CancellationToken cancellationToken, Guid? scheduleId = null)
    {
        var run = new JobRun
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Kind = kind,
            Arguments = JsonSerializer.Serialize(arguments, arguments.GetType(), JsonSerializerOptions.Web),
            ScheduleId = scheduleId,
            RequestedById = actor.Id,
            RequestedByName = actor.Name,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.JobRuns.Add(run);
        await context.SaveChangesAsync(cancellationToken);
        hangfire.Enqueue<JobRunner>(runner => runner.ExecuteAsync(run.Id, CancellationToken.None));
        notifier.Changed(run.Id);
        return run.Id;
    }

    /// <summary>Asks a queued or running run to stop; false when it had ended already.</summary>
    public async Task<bool> CancelAsync(Guid runId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var asked = await context.JobRuns.Where(r => r.Id == runId && (r.State == JobState.Queued || r.State == JobState.Running))
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.CancelRequested, true), cancellationToken);
        await context.JobRuns.Where(r => r.Id == runId && r.State == JobState.Queued)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Cancelled).SetProperty(r => r.FinishedAt, now), cancellationToken);
        cancellations.Cancel(runId);
        notifier.Changed(runId);
        return asked == 1;
    }

    public async Task<JobRun?> FindAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.JobRuns.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId, cancellationToken);
    }

    public async Task<IReadOnlyList<JobLogLine>> LogAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.JobLogLines.AsNoTracking().Where(l => l.JobRunId == runId).OrderBy(l => l.Id).ToListAsync(cancellationToken);
    }

    /// <summary>The newest runs of a kind (all kinds when null).</summary>
    public async Task<Paged<JobRun>> ListAsync(string? kind, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = context.JobRuns.AsNoTracking().Where(r => kind == null || r.Kind == kind);
        var items = await runs.OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        return new Paged<JobRun>(items, await runs.CountAsync(cancellationToken));
    }

    /// <summary>At start: whatever a crash left queued or running is enqueued again.</summary>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        await context.JobRuns.Where(r => r.State == JobState.Running && r.CancelRequested)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Cancelled).SetProperty(r => r.FinishedAt, now), cancellationToken);
        await context.JobRuns.Where(r => r.State == JobState.Running)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Queued), cancellationToken);
        var waiting = await context.JobRuns.Where(r => r.State == JobState.Queued).OrderBy(r => r.CreatedAt).Select(r => r.Id).ToListAsync(cancellationToken);
        foreach (var id in waiting)
            hangfire.Enqueue<JobRunner>(runner => runner.ExecuteAsync(id, CancellationToken.None));
        return waiting.Count;
    }
}
