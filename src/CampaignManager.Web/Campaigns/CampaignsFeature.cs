using CampaignManager.Web.Campaigns.Wizard;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Campaigns;

public sealed class CampaignsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddScoped<CampaignWords>()
        .AddScoped<ClashWords>()
        .AddScoped<CheckWords>()
        .AddScoped<CheckFinder>()
        .AddTexts<CampaignTexts>()
        .AddTexts<CampaignTransferTexts>()
        .AddNavigation<CampaignTexts>("Campaigns", "/campaigns", Icons.Material.Outlined.Campaign)
        .AddHealthPanel<RefusedPanel>()
        .AddCampaignTab<OverviewTab, CampaignTexts>(10, "overview", "Tab.overview", c => new() { [nameof(OverviewTab.Campaign)] = c.Campaign })
        .AddCampaignTab<ActivityTab, CampaignTexts>(80, "activity", "Tab.activity", c => new() { [nameof(ActivityTab.Campaign)] = c.Campaign })
        .AddCampaignTab<VersionsTab, CampaignTexts>(90, "versions", "Tab.versions", c => new()
        {
            [nameof(VersionsTab.Campaign)] = c.Campaign,
            [nameof(VersionsTab.Actor)] = c.Actor,
            [nameof(VersionsTab.Changed)] = c.Changed,
        });

    public override void MapApi(IEndpointRouteBuilder api)
    {
        api.MapCampaignsApi();
        api.MapCampaignTransferApi();
    }
}
