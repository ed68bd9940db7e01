using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Imports;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Campaigns;

public static class CampaignServices
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services)
    {
        services.AddSingleton<CampaignService>();
        services.AddSingleton<CampaignTransitions>();
        services.AddSingleton<CampaignChangeService>();
        services.AddSingleton<CampaignImportService>();
        services.AddSingleton<CampaignList>();
        services.AddSingleton<RefusedCampaigns>();
        services.AddSingleton<CampaignChecks>();
        services.AddSingleton<CampaignHistory>();
        services.AddSingleton<CatalogueService>();
        services.AddSingleton<DraftAutosave>();
        services.AddSingleton<DraftOwners>();
        services.AddSingleton<CampaignOverlaps>();
        services.AddSingleton<ImportedCampaigns>();
        services.AddSingleton<PastCampaignsChanged>(s => s.GetRequiredService<ImportedCampaigns>().BringAsync);
        services.AddTransient<AdvanceCampaignsJob>();
        services.AddJob<AdvanceCampaignsJob>(AdvanceCampaignsJob.Declared);
        services.AddHostedService<CampaignClock>();
        return services;
    }
}
