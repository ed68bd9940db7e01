using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>A schedule as an admin writes it.</summary>
public sealed record ScheduleDraft(string Name, string Kind, string Arguments, string Cron, string Zone);

/// <summary>Makes, changes, pauses, runs and deletes schedules. Admins only.</summary>
public sealed class ScheduleService(
    IDbContextFactory<AppDbContext> contexts, SchedulableJobs schedulable, ScheduleTimetable timetable, JobService jobs, TimeProvider time)
{
    private static readonly Failure NotYours = Failure.Forbidden("Schedules need the role Admin.");

    public static bool MaySchedule(Actor actor) => actor.Is(Roles.Admin);

    public async Task<Outcome<Guid>> CreateAsync(ScheduleDraft draft, Actor actor, CancellationToken cancellationToken)
    {
        if (!MaySchedule(actor))
            return NotYours;
        if (await CheckAsync(draft, cancellationToken) is { } failure)
            return failure;
        var now = time.GetUtcNow().UtcDateTime;
        var schedule = new Schedule
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = draft.Name.Trim(),
            Kind = draft.Kind,
            Arguments = draft.Arguments,
            Cron = draft.Cron.Trim(),
            Zone = draft.Zone,
            SettledUntil = now,
            CreatedById = actor.Id,
            CreatedByName = actor.Name,
            CreatedAt = now,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Schedules.Add(schedule);
        await context.SaveChangesAsync(cancellationToken);
        timetable.Register(schedule);
        return schedule.Id;
    }

    public async Task<Outcome> UpdateAsync(Guid id, ScheduleDraft draft, Actor actor, CancellationToken cancellationToken)
    {
        if (!MaySchedule(actor))
            return NotYours;
        if (await CheckAsync(draft, cancellationToken) is { } failure)
            return failure;
        return await ChangeAsync(id, schedule =>
        {
            // Another rhythm makes nothing due that was not due before; the same rhythm forgets nothing.
            if (schedule.Cron != draft.Cron.Trim() || schedule.Zone != draft.Zone)
                schedule.SettledUntil = time.GetUtcNow().UtcDateTime;
            (schedule.Name, schedule.Kind, schedule.Arguments) = (draft.Name.Trim(), draft.Kind, draft.Arguments);
            (schedule.Cron, schedule.Zone) = (draft.Cron.Trim(), draft.Zone);
        }, cancellationToken);
    }

    /// <summary>Stops it from falling due, or lets it again: what fell due while it was paused is not made up for.</summary>
    public async Task<Outcome> PauseAsync(Guid id, bool paused, Actor actor, CancellationToken cancellationToken)
    {
        if (!MaySchedule(actor))
            return NotYours;
        return await ChangeAsync(id, schedule =>
        {
            if (schedule.Paused && !paused)
                schedule.SettledUntil = time.GetUtcNow().UtcDateTime;
            schedule.Paused = paused;
        }, cancellationToken);
    }

    /// <summary>Starts a run beside the rhythm, paused or not.</summary>
    public async Task<Outcome<Guid>> RunNowAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!MaySchedule(actor))
            return NotYours;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Schedules.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is not { } schedule)
            return Failure.NotFound("The schedule");
        if (await context.JobRuns.AnyAsync(r => r.ScheduleId == id && (r.State == JobState.Queued || r.State == JobState.Running), cancellationToken))
            return Failure.Conflict("schedule-running", "A run of this schedule is not over yet.");
        var prepared = await schedulable.PrepareAsync(schedule.Kind, schedule.Arguments, cancellationToken);
        if (!prepared.Succeeded)
            return prepared.Failure;
        return await jobs.StartAsync(schedule.Kind, prepared.Value, actor, cancellationToken, schedule.Id);
    }

    /// <summary>Takes the schedule away; its runs stay in the history.</summary>
    public async Task<Outcome> DeleteAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!MaySchedule(actor))
            return NotYours;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var deleted = await context.Schedules.Where(s => s.Id == id).ExecuteDeleteAsync(cancellationToken);
        timetable.Remove(id);
        return deleted == 1 ? Outcome.Success : Failure.NotFound("The schedule");
    }

    private async Task<Outcome> ChangeAsync(Guid id, Action<Schedule> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Schedules.SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is not { } schedule)
            return Failure.NotFound("The schedule");
        change(schedule);
        await context.SaveChangesAsync(cancellationToken);
        timetable.Register(schedule);
        return Outcome.Success;
    }

    private async Task<Failure?> CheckAsync(ScheduleDraft draft, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Trim().Length > 100)
            errors["name"] = ["A schedule needs a name of at most 100 characters."];
        else if (!draft.Name.Trim().IsOneLine())
            errors["name"] = [OneLine.Rule];
        foreach (var failure in (Failure?[])[ScheduleClock.Read(draft.Cron, draft.Zone).Failure, (await schedulable.PrepareAsync(draft.Kind, draft.Arguments, cancellationToken)).Failure])
        {
            foreach (var (field, sentences) in failure?.Errors ?? new Dictionary<string, string[]> { })
                errors[field] = sentences;
        }

        return errors.Count == 0 ? null : Failure.Invalid(errors);
    }
}
