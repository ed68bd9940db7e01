using CampaignManager.Application.Experiments;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Application.Overview.Loop;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Overview;

public static class OverviewServices
{
    public static IServiceCollection AddOverview(this IServiceCollection services) => services
        .AddSingleton<EffectService>().AddSingleton<OutcomeService>().AddSingleton<ResultService>().AddSingleton<OverviewService>().AddSingleton<SystemStateService>().AddSingleton<LoopService>();
}
