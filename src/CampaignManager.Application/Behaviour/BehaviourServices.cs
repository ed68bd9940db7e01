using CampaignManager.Application.Audiences;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Behaviour;

public static class BehaviourServices
{
    public static IServiceCollection AddBehaviour(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LakeOptions>().Bind(configuration.GetSection("Lake")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DataLake>();
        services.AddSingleton<FeatureParts>();
        services.AddSingleton<FeatureService>();
        services.AddJobPart<DescribeBucketPart>(DescribeBucketPart.Customers);
        services.AddJobPart<DescribeBucketPart>(DescribeBucketPart.Exposures);
        services.AddSingleton<TrainingTable>();
        services.AddSingleton<SegmentService>();
        services.AddJob<ComputeFeaturesJob>(ComputeFeaturesJob.Declared);
        services.AddJob<ComputeSegmentsJob>(ComputeSegmentsJob.Declared);
        services.AddSchedulable(ComputeFeaturesJob.Kind, new ComputeFeatures());
        services.AddSchedulable(ComputeSegmentsJob.Kind, new ComputeFeatures());
        services.AddHostedService<SweepLakeAtStart>();
        return services.AddImports(configuration);
    }
}
