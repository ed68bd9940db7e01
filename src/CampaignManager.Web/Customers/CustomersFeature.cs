using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.Customers;

public sealed class CustomersFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<CustomerTexts>()
        .AddNavigation<CustomerTexts>("Customers", "/customers", Icons.Material.Outlined.PersonSearch, Policies.Customers);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapCustomersApi();
}
