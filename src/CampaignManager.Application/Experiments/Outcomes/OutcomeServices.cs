using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Experiments.Outcomes;

public static class OutcomeServices
{
    public static IServiceCollection AddOutcomes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutcomeOptions>().Bind(configuration.GetSection("Experiments")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OutcomeService>();
        services.AddSingleton<EvaluationAfterImport>();
        services.AddJob<EvaluateExperimentsJob>(EvaluateExperimentsJob.Declared);
        services.AddJobPart<EvaluateBucketPart>(EvaluateBucketPart.Work);
        services.AddSchedulable(EvaluateExperimentsJob.Kind, new { });
        services.AddSingleton<OutcomeClock>();
        return configuration["Role"] == "web" ? services : services.AddHostedService(s => s.GetRequiredService<OutcomeClock>());
    }
}
