using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Lake;

public static class LakeServices
{
    public static IServiceCollection AddLake(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LakeOptions>().Bind(configuration.GetSection("Lake")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DataLake>();
        services.AddSingleton<LakeBuckets>();
        services.AddSingleton<LakeInventory>();
        services.AddSingleton<LakeCompaction>();
        services.AddSingleton<LakeRetention>();
        return services.AddHostedService<SweepLakeAtStart>();
    }
}
