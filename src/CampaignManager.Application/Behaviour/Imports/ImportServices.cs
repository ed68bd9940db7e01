using CampaignManager.Application.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Behaviour.Imports;

public static class ImportServices
{
    public static IServiceCollection AddImports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImportOptions>().Bind(configuration.GetSection("Imports")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadStore>();
        services.AddSingleton<ImportService>();
        services.AddSingleton<ExperimentService>();
        services.AddSingleton<LakeInventory>();
        services.AddJob<ImportExperimentJob>(ImportExperimentJob.Kind);
        return services;
    }
}
