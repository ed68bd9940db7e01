using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Health;

public sealed class HealthFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<HealthTexts>()
        .AddSingleton<RecentLog>()
        .AddSingleton<ILoggerProvider>(s => s.GetRequiredService<RecentLog>())
        .AddNavigation<HealthTexts>("Menu", "/health", Icons.Material.Outlined.MonitorHeart, Roles.Admin);
}
