using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>
/// What Hangfire calls when a schedule may be due. It asks the row, not the caller: the last occurrence that is not settled is started once, whoever
/// calls how often, and whatever was missed while the process was down is made up for by one run.
/// </summary>
public sealed class ScheduleRunner(
    IDbContextFactory<AppDbContext> contexts, SchedulableJobs schedulable, JobService jobs, TimeProvider time, ILogger<ScheduleRunner> logger)
{
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("schedule {0}")]
    public async Task FireAsync(Guid scheduleId, CancellationToken cancellationToken) => await FireDueAsync(scheduleId, cancellationToken);

    /// <summary>Starts the run that is due; null when none is.</summary>
    public async Task<Guid?> FireDueAsync(Guid scheduleId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var schedule = await context.Schedules.AsNoTracking().SingleOrDefaultAsync(s => s.Id == scheduleId, cancellationToken);
        if (schedule is not { Paused: false })
            return null;
        var clock = ScheduleClock.Read(schedule.Cron, schedule.Zone);
        if (!clock.Succeeded)
        {
            logger.LogError("Schedule {Name} cannot be read: {Why}", schedule.Name, clock.Failure.Message);
            return null;
        }

        if (clock.Value.LastDue(schedule.SettledUntil, time.GetUtcNow().UtcDateTime) is not { } due)
            return null;
        // A run that takes longer than its rhythm is not overtaken by the next: what falls due meanwhile is made up for by one run afterwards.
        if (await context.JobRuns.AnyAsync(r => r.ScheduleId == scheduleId && r.DueAt != due && (r.State == JobState.Queued || r.State == JobState.Running), cancellationToken))
        {
            logger.LogInformation("Schedule {Name} is due, but its run before is not over", schedule.Name);
            return null;
        }

        var started = await StartAsync(schedule, due, cancellationToken);
        // After the run, not before: killed in between, the same due time comes again and finds its run there.
        await context.Schedules.Where(s => s.Id == scheduleId && s.SettledUntil < due)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.SettledUntil, due), cancellationToken);
        return started;
    }

    private async Task<Guid?> StartAsync(Schedule schedule, DateTime due, CancellationToken cancellationToken)
    {
        var prepared = await schedulable.PrepareAsync(schedule.Kind, schedule.Arguments, cancellationToken);
        if (prepared.Succeeded)
            return await jobs.StartDueAsync(schedule.Kind, prepared.Value, Actor.System, schedule.Id, due, cancellationToken);
        logger.LogWarning("Schedule {Name} fell due but could not start: {Why}", schedule.Name, prepared.Failure.Message);
        return await jobs.RefuseDueAsync(schedule.Kind, schedule.Arguments, prepared.Failure.Message, schedule.Id, due, cancellationToken);
    }
}
