using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData.DataSets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Imports;

public static class ImportServices
{
    public static IServiceCollection AddImports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImportOptions>().Bind(configuration.GetSection("Imports")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadStore>();
        services.AddSingleton<ImportService>();
        services.AddSingleton<DataSetService>();
        services.AddSingleton<LakeInventory>();
        services.AddJob<ImportDataSetJob>(ImportDataSetJob.Declared);
        return services;
    }
}
