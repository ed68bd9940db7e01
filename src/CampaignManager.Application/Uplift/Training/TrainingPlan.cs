namespace CampaignManager.Application.Uplift.Training;

/// <summary>How a model is to be fitted.</summary>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Base">What it is built on.</param>
/// <param name="Seed">Of splits, folds and every draw.</param>
/// <param name="OutOfTime">By the number of arms still to be fitted after one: whether the time given is used up. Null gives as much as is needed.</param>
public sealed record TrainingPlan(string Learner, string Base = UpliftLearners.Trees, int Seed = 1, Func<int, Func<bool>>? OutOfTime = null);
