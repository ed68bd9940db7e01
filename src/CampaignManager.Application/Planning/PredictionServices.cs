using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Planning;

public static class PredictionServices
{
    /// <summary>Predictions of planned campaigns and the suggestions that follow from them.</summary>
    public static IServiceCollection AddPrediction(this IServiceCollection services)
    {
        services.AddSingleton<PlannerTrainer>();
        services.AddSingleton<PlannerSource>();
        services.AddSingleton<PredictionService>();
        services.AddSingleton<SuggestionService>();
        return services;
    }
}
