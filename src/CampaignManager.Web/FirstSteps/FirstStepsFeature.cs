using CampaignManager.Web.Hosting;
using CampaignManager.Web.Layout;
using CampaignManager.Web.Shared;
using MudBlazor;

namespace CampaignManager.Web.FirstSteps;

public sealed class FirstStepsFeature : Feature
{
    public override void AddServices(IServiceCollection services) => services
        .AddTexts<FirstStepsTexts>()
        .AddNavigation<FirstStepsTexts>("WhatWeCanSay", "/first-steps", Icons.Material.Outlined.Stairs);

    public override void MapApi(IEndpointRouteBuilder api) => api.MapFirstStepsApi();
}
