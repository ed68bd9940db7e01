using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Audiences;

public sealed class AudiencesFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<AudienceTexts>()
        .AddNavigation<AudienceTexts>("Audiences", "/audiences", Icons.Material.Outlined.Groups);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapAudiencesApi();
}
