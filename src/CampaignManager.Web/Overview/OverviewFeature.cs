using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using MudBlazor;

namespace CampaignManager.Web.Overview;

public sealed class OverviewFeature : Feature
{
    public override void AddServices(IServiceCollection services) =>
        services.AddNavigation<OverviewTexts>("Menu", "/", Icons.Material.Outlined.Dashboard, exact: true);
}
