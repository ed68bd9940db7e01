using CampaignManager.Application.Accounts;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Accounts;

public sealed class AccountsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<AccountTexts>()
        .AddNavigation<AccountTexts>("Users", "/users", Icons.Material.Outlined.ManageAccounts, Roles.Admin)
        .AddNavigation<AccountTexts>("ApiKeys", "/api-keys", Icons.Material.Outlined.Key, Roles.Admin)
        .AddNavigation<AccountTexts>("AuditLog", "/audit", Icons.Material.Outlined.FactCheck, Roles.Admin);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapKeyApi();

    public override void MapRoutes(WebApplication app) => app.MapAccounts();
}
