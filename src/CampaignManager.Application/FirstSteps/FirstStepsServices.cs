using CampaignManager.Application.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.FirstSteps;

public static class FirstStepsServices
{
    public static IServiceCollection AddFirstSteps(this IServiceCollection services) =>
        services.AddSingleton<PastCampaignReader>().AddSingleton<PastCampaignLogs>().AddSingleton<FirstStepsService>().AddSingleton<ExperimentPlanner>()
            .AddSingleton<ExperimentAdvisor>();
}
