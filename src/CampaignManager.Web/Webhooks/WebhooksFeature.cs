using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Webhooks;

public sealed class WebhooksFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<WebhookTexts>()
        .AddNavigation<WebhookTexts>("Menu", "/settings/webhooks", Icons.Material.Outlined.Webhook, Roles.Admin);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapWebhooksApi();
}
