using CampaignManager.Application.Audiences;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.TrainingData;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Behaviour;

public static class BehaviourServices
{
    public static IServiceCollection AddBehaviour(this IServiceCollection services)
    {
        services.AddSingleton<FeatureService>();
        services.AddJob<ComputeFeaturesJob>(ComputeFeaturesJob.Kind);
        services.AddJob<ComputeSegmentsJob>(ComputeSegmentsJob.Kind);
        services.AddSchedulable(ComputeFeaturesJob.Kind, new ComputeFeatures());
        return services.AddSchedulable(ComputeSegmentsJob.Kind, new ComputeFeatures());
    }
}
