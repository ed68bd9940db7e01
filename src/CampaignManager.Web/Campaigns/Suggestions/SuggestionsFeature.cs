using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Campaigns.Suggestions;

public sealed class SuggestionsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services.AddTexts<SuggestionTexts>();

    public override void MapApi(IEndpointRouteBuilder api) => api.MapSuggestionsApi();
}
