using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.TrainingData;

public static class TrainingDataServices
{
    public static IServiceCollection AddTrainingData(this IServiceCollection services)
    {
        services.AddSingleton<TrainingTable>();
        services.AddSingleton<FeatureService>();
        services.AddSingleton<NewTreated>();
        services.AddJob<ComputeFeaturesJob>(ComputeFeaturesJob.Declared);
        services.AddJob<ComputeSegmentsJob>(ComputeSegmentsJob.Declared);
        services.AddSchedulable(ComputeFeaturesJob.Kind, new ComputeFeatures());
        services.AddSchedulable(ComputeSegmentsJob.Kind, new ComputeFeatures());
        services.AddSingleton<FeaturesAfterImport>();
        services.AddSingleton<ShopDataChanged>(s => stop => s.GetRequiredService<FeaturesAfterImport>().StartAsync(stop));
        services.AddSingleton<UpliftTableReader>();
        services.AddSingleton<TrainingSources>();
        services.AddSingleton<DataSetService>();
        services.AddSingleton<DataSetResults>();
        services.AddImportKind<DataSetImport>();
        return services.AddJob<ImportDataSetJob>(ImportDataSetJob.Declared);
    }
}
