using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.Codes;

public sealed class CodesFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<CodeTexts>()
        .AddCampaignTab<CodesTab, CampaignTexts>(50, "codes", "Tab.codes", c => new()
        {
            [nameof(CodesTab.Campaign)] = c.Campaign,
            [nameof(CodesTab.Actor)] = c.Actor,
            [nameof(CodesTab.Changed)] = c.Changed,
        });

    public override void MapApi(IEndpointRouteBuilder api) => api.MapCodesApi();
}
