using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Keys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CampaignManager.Application.ShopData.Events;

public static class EventServices
{
    /// <summary>Events that arrive by API, and their way into the lake.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EventOptions>().Bind(configuration.GetSection("Events")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EventStore>();
        services.AddSingleton<EventBuffer>();
        services.AddSingleton<EventCompaction>();
        services.AddHostedService<PrepareEvents>();
        services.AddSingleton<EventRules>();
        services.AddSingleton(s => new EventService(
            s.GetRequiredService<EventBuffer>(), s.GetRequiredService<EventRules>(), s.GetRequiredService<EventRefusals>(), s.GetRequiredService<IPersonKeys>(),
            s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new EventRefusals(s.GetRequiredService<EventStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddHostedService<EventRefusalsClock>();
        services.AddSingleton(s => new EventsSeen(s.GetRequiredService<EventStore>()));
        services.AddJob<CompactEventsJob>(CompactEventsJob.Declared);
        return configuration["Role"] == "web" ? services : services.AddHostedService<EventClock>();
    }

    /// <summary>After the start has made the database, before the first call.</summary>
    private sealed class PrepareEvents(EventStore store) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => store.PrepareAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
