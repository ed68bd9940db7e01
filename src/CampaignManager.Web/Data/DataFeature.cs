using CampaignManager.Application.ShopData.Incoming;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Imports;
using CampaignManager.Web.Shared.Runs;
using MudBlazor;

namespace CampaignManager.Web.Data;

public sealed class DataFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddScoped<DataWords>().AddScoped<QualityWords>()
        .AddImportPages<DataSetPages>()
        .AddImportPages<OrderPages>().AddImportPages<ProductPages>().AddImportPages<CustomerPages>().AddImportPages<EventPages>()
        .AddImportPages<CampaignFilePages>().AddImportPages<ExposurePages>()
        .AddScheduleEditor<PullFields>(PullSql.JobKind)
        .AddTexts<DataTexts>().AddTexts<SourceTexts>()
        .AddNavigation<DataTexts>("Data", "/data", Icons.Material.Outlined.Storage);

    public override void MapApi(IEndpointRouteBuilder api)
    {
        api.MapImportsApi();
        api.MapCompleteExportsApi();
        api.MapImportTemplatesApi();
        api.MapPrivacyApi();
    }

    public override void MapRoutes(WebApplication app) => app.MapDataFiles();
}
