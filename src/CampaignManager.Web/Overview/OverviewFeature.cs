using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Overview.Loop;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Overview;

public sealed class OverviewFeature : Feature
{
    public override void AddServices(IServiceCollection services) =>
        services.AddTexts<LoopTexts>()
            .AddNavigation<OverviewTexts>("Menu", "/", Icons.Material.Outlined.Dashboard, exact: true)
            .AddNavigation<LoopTexts>("Menu", "/loop", Icons.Material.Outlined.Loop, Policies.Lead);
}
