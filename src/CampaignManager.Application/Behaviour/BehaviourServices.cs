using CampaignManager.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Behaviour;

public static class BehaviourServices
{
    public static IServiceCollection AddBehaviour(this IServiceCollection services)
    {
        services.AddSingleton<FeatureParts>();
        services.AddSingleton<FeatureSummaries>();
        services.AddSingleton<FeatureRows>();
        services.AddSingleton<CustomerFeatures>();
        services.AddJobPart<DescribeBucketPart>(DescribeBucketPart.Customers);
        return services.AddJobPart<DescribeBucketPart>(DescribeBucketPart.Exposures);
    }
}
