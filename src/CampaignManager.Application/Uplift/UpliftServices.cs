using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Uplift;

public static class UpliftServices
{
    public static IServiceCollection AddUplift(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelOptions>().Bind(configuration.GetSection("Models")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ModelStore>();
        services.AddSingleton<ModelService>();
        services.AddSingleton(provider => ModelService.ShopModelOf(provider.GetRequiredService<IDbContextFactory<AppDbContext>>()));
        services.AddSingleton<TrainingRowScores>();
        services.AddSingleton<ScoreService>();
        services.AddSingleton<ModelComparisons>();
        services.AddSingleton<ChallengerTrial>();
        services.AddSingleton<DriftService>();
        services.AddSingleton<ModelHealth>();
        services.AddSingleton<FeatureOverview>();
        services.AddSingleton<StaleScores>();
        services.AddSingleton<CustomerScoringService>();
        services.AddJob<ScoreCustomersJob>(ScoreCustomersJob.Declared);
        services.AddJobPart<ScoreBucketPart>(ScoreBucketPart.Work);
        services.AddSchedulable(ScoreCustomersJob.Kind, new ScoreCustomers());
        services.AddJob<RankCustomersJob>(RankCustomersJob.Declared);
        services.AddSingleton<TrainingService>();
        services.AddSchedulable<TrainingRequest>(TrainModelJob.Kind, (provider, request, cancellationToken) =>
            provider.GetRequiredService<TrainingService>().CompleteAsync(request, cancellationToken));
        return services.AddJob<TrainModelJob>(TrainModelJob.Declared);
    }
}
