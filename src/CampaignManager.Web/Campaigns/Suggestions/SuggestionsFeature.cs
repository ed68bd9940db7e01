using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Campaigns.Suggestions;

public sealed class SuggestionsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<SuggestionTexts>()
        .AddNavigation<SuggestionTexts>("Title", "/suggestions", Icons.Material.Outlined.Lightbulb);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapSuggestionsApi();

    public override void MapRoutes(WebApplication app) => app.MapSuggestionCsv();
}
