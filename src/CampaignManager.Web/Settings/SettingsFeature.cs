using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Settings;

public sealed class SettingsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<SettingsTexts>()
        .AddNavigation<SettingsTexts>("Menu", "/settings", Icons.Material.Outlined.Tune, Roles.Admin, exact: true);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapSettingsApi();
}
