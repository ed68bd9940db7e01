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
        // A log is there before anything else, so it asks for nothing that may not be.
        .AddSingleton(s => new RecentLog(s.GetService<TimeProvider>() ?? TimeProvider.System))
        .AddSingleton<ILoggerProvider>(s => s.GetRequiredService<RecentLog>())
        .AddNavigation<HealthTexts>("Menu", "/health", Icons.Material.Outlined.MonitorHeart, Roles.Admin);
}
