using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.Uplift.Training;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Application.Planning;

public static class PredictionServices
{
    /// <summary>Predictions of planned campaigns and the suggestions that follow from them.</summary>
    public static IServiceCollection AddPrediction(this IServiceCollection services)
    {
        services.AddSingleton<PlannerTrainer>();
        services.AddSingleton<WriteBesideModel>(provider => provider.GetRequiredService<PlannerTrainer>().WriteAsync);
        services.AddSingleton<PlannerSource>();
        services.AddSingleton<PredictionService>();
        services.AddSingleton<LiveMeasurements>();
        services.AddSingleton<SuggestionFinder>();
        services.AddSingleton<SuggestionService>();
        services.AddSingleton<AllSuggestions>();
        services.AddSingleton<BudgetSplitService>();
        services.AddJob<SearchSuggestionsJob>(SearchSuggestionsJob.Declared);
        services.AddSchedulable(SearchSuggestionsJob.Kind, new SearchSuggestions());
        services.AddHostedService<SuggestionClock>();
        return services;
    }
}
