using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs.Schedules;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

public static class JobServices
{
    /// <summary>
    /// Hangfire on in-memory storage: it only executes. Our JobRun rows are the truth, so nothing is lost when the process dies
    /// (docs/decisions/jobs-storage.md).
    /// </summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var role = configuration["Role"] ?? "all";
        if (role is not ("web" or "worker" or "all"))
            throw new InvalidOperationException("Role must be 'web', 'worker' or 'all'.");
        services.AddSingleton<JobNode>();
        services.AddSingleton<JobNotifier>();
        services.AddSingleton<JobCancellations>();
        services.AddSingleton<PartsAtWork>();
        services.AddSingleton<JobParts>();
        services.AddSingleton<JobTakeover>();
        services.AddSingleton<JobHeartbeat>();
        services.AddSingleton<PartWorker>();
        services.AddSingleton<JobService>();
        services.AddSingleton<JobRunner>();
        services.AddSchedules();
        // Of this host alone: Hangfire would otherwise take the storage and the activator that some host of the process configured last.
        services.AddSingleton<JobStorage>(_ => new InMemoryStorage());
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddHangfire((provider, hangfire) => hangfire
            .UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings().UseStorage(provider.GetRequiredService<JobStorage>())
            .UseLogProvider(new HangfireLog(provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton(provider => new JobWorkers(provider.GetRequiredService<JobStorage>(), expected: role != "web"));
        if (role != "web")
        {
            services.AddHostedService(provider => provider.GetRequiredService<JobHeartbeat>());
            if (configuration["Database:Provider"] == DatabaseOptions.PostgreSql)
                services.AddHostedService(provider => provider.GetRequiredService<PartWorker>());
            services.AddHangfireServer(options =>
            {
                options.WorkerCount = Math.Max(2, Environment.ProcessorCount);
                options.SchedulePollingInterval = TimeSpan.FromSeconds(5);
                options.ShutdownTimeout = TimeSpan.FromSeconds(10);
            });
        }

        return services;
    }

    /// <summary>Registers a job under its kebab-case kind.</summary>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services, string kind)
        where TJob : class, IJob => services.AddKeyedTransient<IJob, TJob>(kind);

    /// <summary>Registers who does the parts of a piece of work, under its kebab-case name; see <see cref="JobParts"/>.</summary>
    public static IServiceCollection AddJobPart<TPart>(this IServiceCollection services, string work)
        where TPart : class, IJobPart => services.AddKeyedTransient<IJobPart, TPart>(work);
}
