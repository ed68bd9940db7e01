using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs.Schedules;
using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

public static class JobServices
{
    /// <summary>
    /// Hangfire only executes, on a queue that all nodes share beside PostgreSQL and in memory beside SQLite. Our JobRun rows are the truth, so nothing is lost when a
    /// process dies (docs/decisions/jobs-storage.md).
    /// </summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var role = (configuration["Role"] ?? "all") switch
        {
            "all" => NodeRole.All,
            "web" => NodeRole.Web,
            "worker" => NodeRole.Worker,
            var other => throw new StartRefusedException($"Role must be 'web', 'worker' or 'all', not '{other}'."),
        };
        services.TryAddSingleton<INews, LocalNews>();
        services.AddSingleton(new JobNode(role));
        services.AddSingleton<JobNotifier>();
        services.AddSingleton<JobCancellations>();
        services.AddSingleton<JobService>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobTakeover>();
        services.AddSingleton<JobHeartbeat>();
        services.AddSingleton<PartsAtWork>();
        services.AddSingleton<JobParts>();
        services.AddSingleton<PartWorker>();
        services.AddSchedules();
        services.AddSingleton<JobQueue>();
        // Of this host alone: Hangfire would otherwise take the storage and the activator that some host of the process configured last.
        services.AddSingleton<JobStorage>(provider => provider.GetRequiredService<JobQueue>().Open());
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddHangfire((provider, hangfire) => hangfire
            .UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings().UseStorage(provider.GetRequiredService<JobStorage>())
            .UseLogProvider(new HangfireLog(provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<JobWorkers>();
        return role == NodeRole.Web ? services : services.AddWorkers(several: configuration["Database:Provider"] == DatabaseOptions.PostgreSql);
    }

    private static IServiceCollection AddWorkers(this IServiceCollection services, bool several)
    {
        services.AddHostedService(provider => provider.GetRequiredService<JobHeartbeat>());
        if (several)
            services.AddHostedService(provider => provider.GetRequiredService<PartWorker>());
        services.AddHangfireServer((provider, options) =>
        {
            options.ServerName = provider.GetRequiredService<JobNode>().Name;
            options.WorkerCount = Math.Max(2, Environment.ProcessorCount);
            options.SchedulePollingInterval = TimeSpan.FromSeconds(5);
            options.ShutdownTimeout = TimeSpan.FromSeconds(10);
        });
        return services;
    }

    /// <summary>Registers a job under its kind.</summary>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services, JobKind kind)
        where TJob : class, IJob => services.AddSingleton(kind).AddKeyedTransient<IJob, TJob>(kind.Name);

    /// <summary>Registers who does the parts of a piece of work, under its kebab-case name; see <see cref="JobParts"/>.</summary>
    public static IServiceCollection AddJobPart<TPart>(this IServiceCollection services, string work)
        where TPart : class, IJobPart => services.AddKeyedTransient<IJobPart, TPart>(work);
}
