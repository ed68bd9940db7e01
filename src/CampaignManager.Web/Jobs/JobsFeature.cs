using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Runs;
using MudBlazor;

namespace CampaignManager.Web.Jobs;

public sealed class JobsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<JobTexts>()
        .AddNavigation<JobTexts>("Schedules", "/schedules", Icons.Material.Outlined.Schedule, Roles.Admin);
}
