using CampaignManager.Application.Data;
using Hangfire;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs.Schedules;

/// <summary>Keeps Hangfire's recurring jobs as the schedules' rows say.</summary>
public sealed class ScheduleTimetable(IRecurringJobManager recurring, IDbContextFactory<AppDbContext> contexts, ScheduleRunner runner)
{
    /// <summary>At start: every active schedule is registered anew, and what fell due while nobody was there is started.</summary>
    /// <returns>How many runs were made up for.</returns>
    public async Task<int> StartAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var made = 0;
        foreach (var schedule in await context.Schedules.AsNoTracking().OrderBy(s => s.Id).ToListAsync(cancellationToken))
        {
            Register(schedule);
            if (await runner.FireDueAsync(schedule.Id, cancellationToken) is not null)
                made++;
        }

        return made;
    }

    public void Register(Schedule schedule)
    {
        var clock = ScheduleClock.Read(schedule.Cron, schedule.Zone);
        if (schedule.Paused || !clock.Succeeded)
        {
            Remove(schedule.Id);
            return;
        }

        var id = schedule.Id;
        recurring.AddOrUpdate<ScheduleRunner>(
            Name(id), r => r.FireAsync(id, CancellationToken.None), schedule.Cron, new RecurringJobOptions { TimeZone = clock.Value.Zone });
    }

    public void Remove(Guid scheduleId) => recurring.RemoveIfExists(Name(scheduleId));

    public static string Name(Guid scheduleId) => $"schedule-{scheduleId:N}";
}
