using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Retention;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.ShopData.Quality;

public static class QualityServices
{
    /// <summary>How good a shop's data are, and how long they are kept.</summary>
    public static IServiceCollection AddDataQuality(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<QualityService>();
        services.AddSingleton<QualityAlerts>();
        services.AddSingleton<RetentionService>();
        services.AddSingleton<DataClock>();
        services.AddJob<CheckQualityJob>(CheckQualityJob.Declared).AddJob<PruneRowsJob>(PruneRowsJob.Declared);
        return configuration["Role"] == "web" ? services : services.AddHostedService(s => s.GetRequiredService<DataClock>());
    }
}
