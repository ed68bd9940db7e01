using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Erasure;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.ShopData.Imports;

public static class ShopImportServices
{
    /// <summary>The kinds of a shop's own files, with their job and templates.</summary>
    public static IServiceCollection AddShopImports(this IServiceCollection services)
    {
        services.AddSingleton<ErasureKey>();
        services.AddSingleton<ShopWriter>();
        services.AddSingleton<DerivedErasure>();
        services.AddSingleton<UploadErasure>();
        services.AddSingleton<ErasureService>();
        services.AddJob<ErasePersonJob>(ErasePersonJob.Declared);
        services.AddSingleton<PastCampaigns>();
        services.AddSingleton<ShopSources>();
        services.AddSingleton<ImportTemplateService>();
        services.AddSingleton<ShopReading>();
        services.AddSingleton<CompleteExports>();
        services.AddSingleton(s => new ShopImportService(
            s.GetRequiredService<IDbContextFactory<AppDbContext>>(), s.GetRequiredService<ImportTemplateService>(), s.GetRequiredService<ShopReading>(),
            s.GetRequiredService<DemoDataPresent>(), s.GetRequiredService<UploadStore>()));
        foreach (var kind in TemplateKinds.All)
        {
            services.AddSingleton<IImportKind>(s => new ShopImport(
                kind, s.GetRequiredService<ImportTemplateService>(), s.GetRequiredService<DemoDataPresent>(), s.GetRequiredService<ShopWriter>(),
                s.GetRequiredService<PastCampaigns>(), s.GetRequiredService<ShopDataChanged>(), s.GetServices<PastCampaignsChanged>()));
        }

        return services.AddJob<ImportShopFilesJob>(ImportShopFilesJob.Declared).AddJob<RemoveMissingJob>(RemoveMissingJob.Declared);
    }
}
