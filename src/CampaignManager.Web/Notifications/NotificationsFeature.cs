using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;

namespace CampaignManager.Web.Notifications;

public sealed class NotificationsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services.AddBarItem<NotificationBell>();
}
