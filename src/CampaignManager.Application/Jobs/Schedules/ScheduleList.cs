using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>One line of the list.</summary>
/// <param name="NextAt">UTC; null when paused.</param>
public sealed record ScheduleRow(
    Guid Id, string Name, string Kind, string Arguments, string Cron, string Zone, bool Paused, string? CreatedByName, DateTime? NextAt, ScheduledRun? Last);

/// <summary>A run that a schedule started, or that somebody started by it.</summary>
/// <param name="ScheduleName">Null when the schedule has been deleted.</param>
/// <param name="DueAt">UTC; null when somebody pressed the button.</param>
public sealed record ScheduledRun(
    Guid Id, Guid ScheduleId, string? ScheduleName, string Kind, JobState State, double Progress, DateTime? DueAt, string? RequestedByName,
    DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt, string? Error, string? ErrorSentence);

/// <summary>Reads schedules and their history. Admins only.</summary>
public sealed class ScheduleList(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    private static readonly Failure NotYours = Failure.Forbidden("Schedules need the role Admin.");

    /// <summary>Sorted by <c>name</c> (the default) or <c>createdAt</c>.</summary>
    public async Task<Outcome<Paged<ScheduleRow>>> ListAsync(PageRequest page, Actor actor, CancellationToken cancellationToken)
    {
        if (!ScheduleService.MaySchedule(actor))
            return NotYours;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var schedules = context.Schedules.AsNoTracking();
        var sorted = (page.SortKey, page.Descending) switch
        {
            ("createdAt", false) => schedules.OrderBy(s => s.CreatedAt),
            ("createdAt", true) => schedules.OrderByDescending(s => s.CreatedAt),
            (_, true) => schedules.OrderByDescending(s => s.Name),
            _ => schedules.OrderBy(s => s.Name),
        };
        var rows = await sorted.ThenBy(s => s.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        var ids = rows.Select(r => r.Id).ToList();
        var own = context.JobRuns.Where(r => r.ScheduleId != null && ids.Contains(r.ScheduleId.Value));
        var newest = own.GroupBy(r => r.ScheduleId).Select(g => g.Max(r => r.CreatedAt));
        var runs = await Project(context, own.Where(r => newest.Contains(r.CreatedAt))).ToListAsync(cancellationToken);
        var last = runs.GroupBy(r => r.ScheduleId).ToDictionary(g => g.Key, g => g.MaxBy(r => (r.CreatedAt, r.Id)));
        var now = time.GetUtcNow().UtcDateTime;
        return new Paged<ScheduleRow>(
            [.. rows.Select(s => new ScheduleRow(s.Id, s.Name, s.Kind, s.Arguments, s.Cron, s.Zone, s.Paused, s.CreatedByName, NextOf(s, now), last.GetValueOrDefault(s.Id)))],
            await schedules.CountAsync(cancellationToken));
    }

    /// <summary>Runs by schedule, the newest first.</summary>
    public async Task<Outcome<Paged<ScheduledRun>>> HistoryAsync(PageRequest page, Actor actor, CancellationToken cancellationToken)
    {
        if (!ScheduleService.MaySchedule(actor))
            return NotYours;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = context.JobRuns.Where(r => r.ScheduleId != null);
        var items = await Project(context, runs.OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).Skip(page.Skip).Take(page.Take)).ToListAsync(cancellationToken);
        return new Paged<ScheduledRun>(items, await runs.CountAsync(cancellationToken));
    }

    private static IQueryable<ScheduledRun> Project(AppDbContext context, IQueryable<JobRun> runs) => runs.Select(run => new ScheduledRun(
        run.Id, run.ScheduleId!.Value, context.Set<Schedule>().Where(s => s.Id == run.ScheduleId).Select(s => s.Name).FirstOrDefault(), run.Kind, run.State, run.Progress,
        run.DueAt, run.RequestedByName, run.CreatedAt, run.StartedAt, run.FinishedAt, run.Error, run.ErrorSentence));

    internal static DateTime? NextOf(Schedule schedule, DateTime now) =>
        !schedule.Paused && ScheduleClock.Read(schedule.Cron, schedule.Zone) is { Succeeded: true, Value: var clock } && clock.Next(now, 1) is [var next] ? next : null;
}
