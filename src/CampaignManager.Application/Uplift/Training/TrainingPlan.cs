namespace CampaignManager.Application.Uplift.Training;

/// <summary>How a model is to be fitted.</summary>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Base">What it is built on.</param>
/// <param name="Seed">Of splits, folds and every draw.</param>
/// <param name="OutOfTime">Whether the time given is used up; null gives as much as is needed.</param>
public sealed record TrainingPlan(string Learner, string Base = UpliftLearners.Trees, int Seed = 1, Func<bool>? OutOfTime = null);
