using System.Text.Json;

namespace CampaignManager.Application.Jobs;

/// <summary>Where a running job is. Every one has words for the pages (<c>Stage_</c> and its name in the texts of jobs), in every language.</summary>
public enum JobStage
{
    Generate,
    Campaigns,
    Features,
    Segments,
    TrainingTable,
    PreparingFeatures,
    LoadingData,
    Training,
    Evaluating,
    Saving,
    Planner,
    OpeningFile,
    ReadingRows,
    CheckingCustomers,
    WritingTable,
    CountingUsage,
    ReadingOrders,
    PricingOrders,
    Scoring,
}

public static class JobStageNames
{
    /// <summary>In kebab-case, as it stands on the run and in the API.</summary>
    public static string Name(this JobStage stage) => JsonNamingPolicy.KebabCaseLower.ConvertName(stage.ToString());
}
