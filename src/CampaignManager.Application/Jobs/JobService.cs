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
        var run = New(kind, Json(arguments), actor, scheduleId, null);
        await AddAsync(run, cancellationToken);
        return run.Id;
    }

    /// <summary>Starts the run of one occurrence of a schedule; null when that occurrence has its run already.</summary>
    public Task<Guid?> StartDueAsync(string kind, object arguments, Actor actor, Guid scheduleId, DateTime dueAt, CancellationToken cancellationToken) =>
        AddDueAsync(New(kind, Json(arguments), actor, scheduleId, dueAt), cancellationToken);

    /// <summary>Writes down that an occurrence of a schedule could not even start, and why; null when it has its run already.</summary>
    public Task<Guid?> RefuseDueAsync(string kind, string arguments, string why, Guid scheduleId, DateTime dueAt, CancellationToken cancellationToken)
    {
        var run = New(kind, arguments, Actor.System, scheduleId, dueAt);
        (run.State, run.Error, run.FinishedAt) = (JobState.Failed, why, run.CreatedAt);
        return AddDueAsync(run, cancellationToken);
    }

    private JobRun New(string kind, string arguments, Actor actor, Guid? scheduleId, DateTime? dueAt) => new()
    {
        Id = Guid.CreateVersion7(time.GetUtcNow()),
        Kind = kind,
        Arguments = arguments,
        ScheduleId = scheduleId,
        DueAt = dueAt,
        RequestedById = actor.Id,
        RequestedByName = actor.Name,
        CreatedAt = time.GetUtcNow().UtcDateTime,
    };

    /// <summary>Arguments as they lie on a run.</summary>
    internal static string Json(object arguments) => JsonSerializer.Serialize(arguments, arguments.GetType(), JsonSerializerOptions.Web);

    private async Task<Guid?> AddDueAsync(JobRun run, CancellationToken cancellationToken)
    {
        try
        {
            await AddAsync(run, cancellationToken);
            return run.Id;
        }
        catch (DbUpdateException)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            if (await context.JobRuns.AnyAsync(r => r.ScheduleId == run.ScheduleId && r.DueAt == run.DueAt, cancellationToken))
                return null;
            throw;
        }
    }

    private async Task AddAsync(JobRun run, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.JobRuns.Add(run);
        await context.SaveChangesAsync(cancellationToken);
        if (run.State == JobState.Queued)
            hangfire.Enqueue<JobRunner>(runner => runner.ExecuteAsync(run.Id, CancellationToken.None));
        notifier.Changed(run.Id);
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
        cancellations.CancelEverywhere(runId);
        notifier.Changed(runId);
        return asked == 1;
    }

    /// <summary>Who started a run may stop it, and so may an admin.</summary>
    public static bool MayCancel(JobRun run, Actor actor) => actor.Is(Roles.Admin) || (run.RequestedById is { Length: > 0 } id && id == actor.Id);

    /// <summary>Stops a run for a person.</summary>
    public async Task<Outcome> CancelAsync(Guid runId, Actor actor, CancellationToken cancellationToken)
    {
        if (await FindAsync(runId, cancellationToken) is not { } run)
            return Failure.NotFound("The run");
        if (!MayCancel(run, actor))
            return Failure.Forbidden("Only who started a run, or an admin, may cancel it.");
        return await CancelAsync(runId, cancellationToken) ? Outcome.Success : Failure.Conflict("run-ended", "The run has already ended.");
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
}
