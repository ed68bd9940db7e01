using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.Replay;

public sealed class ReplayFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<ReplayTexts>()
        .AddCampaignTab<ReplayTab, CampaignTexts>(30, "replay", "Tab.replay", c => new()
        {
            [nameof(ReplayTab.CampaignId)] = c.Campaign.Id,
            [nameof(ReplayTab.Version)] = c.Campaign.Version,
            [nameof(ReplayTab.Budget)] = c.Campaign.BudgetMinor!,
        });

    public override void MapApi(IEndpointRouteBuilder api) => api.MapReplayApi();
}
