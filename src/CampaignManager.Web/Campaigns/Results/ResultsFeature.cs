using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.Results;

public sealed class ResultsFeature : Feature
{
    /// <summary>What the address calls its tab.</summary>
    public const string Tab = "results";

    public override void AddServices(IServiceCollection services) => services
        .AddTexts<ResultTexts>().AddScoped<ResultWords>()
        .AddCampaignTab<ResultsTab, ResultTexts>(15, Tab, "Tab.results", c => new()
        {
            [nameof(ResultsTab.Campaign)] = c.Campaign,
            [nameof(ResultsTab.Actor)] = c.Actor,
            [nameof(ResultsTab.Changed)] = c.Changed,
        });

    public override void MapApi(IEndpointRouteBuilder api) => api.MapResultsApi();
}
