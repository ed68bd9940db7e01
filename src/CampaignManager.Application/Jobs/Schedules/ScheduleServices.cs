using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Jobs.Schedules;

public static class ScheduleServices
{
    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.AddSingleton<SchedulableJobs>();
        services.AddSingleton<ScheduleRunner>();
        services.AddSingleton<ScheduleTimetable>();
        services.AddSingleton<ScheduleService>();
        services.AddSingleton<ScheduleList>();
        return services;
    }
}
