using CampaignManager.Application.Uplift.Training;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Runs;
using MudBlazor;

namespace CampaignManager.Web.Uplift;

public sealed class UpliftFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddScoped<UpliftWords>()
        .AddScoped<PromoteQuestion>()
        .AddScoped<ISentenceValues, UpliftSentenceValues>()
        .AddTexts<UpliftTexts>()
        .AddTexts<ModelTexts>()
        .AddRunPage(TrainModelJob.Kind, "/training/")
        .AddScheduleEditor<TrainingFields>(TrainModelJob.Kind)
        .AddNavigation<UpliftTexts>("Models", "/models", Icons.Material.Outlined.Insights)
        .AddNavigation<UpliftTexts>("Training", "/training", Icons.Material.Outlined.ModelTraining);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapUpliftApi();
}
