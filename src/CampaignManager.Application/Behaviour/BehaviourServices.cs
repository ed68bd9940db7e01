using CampaignManager.Application.Behaviour.Imports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Behaviour;

public static class BehaviourServices
{
    public static IServiceCollection AddBehaviour(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LakeOptions>().Bind(configuration.GetSection("Lake")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Lake>();
        services.AddHostedService<SweepLakeAtStart>();
        return services.AddImports(configuration);
    }
}
