using CampaignManager.Application.Audiences;
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
        services.AddSingleton<SegmentUse>();
        services.AddSingleton<CampaignsNaming>(services => services.GetRequiredService<SegmentUse>().NamingAsync);
        services.AddSingleton<NoteAudienceChange>(services => services.GetRequiredService<SegmentUse>().Note);
        services.AddTransient<AdvanceCampaignsJob>();
        services.AddJob<AdvanceCampaignsJob>(AdvanceCampaignsJob.Declared);
        services.AddHostedService<CampaignClock>();
        return services;
    }
}
