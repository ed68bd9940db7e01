using CampaignManager.Application.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Imports;

public static class ImportServices
{
    public static IServiceCollection AddImports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImportOptions>().Bind(configuration.GetSection("Imports")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadStore>();
        if (configuration["Role"] != "web")
            services.AddHostedService<UploadClock>();
        services.AddSingleton<ImportKindList>();
        services.AddSingleton<ImportViews>();
        services.AddSingleton<ImportPruning>();
        services.AddJob<UndoImportJob>(UndoImportJob.Declared);
        return services.AddSingleton<ImportService>();
    }
}
