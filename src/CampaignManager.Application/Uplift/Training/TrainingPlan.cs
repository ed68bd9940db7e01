using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>How a model is to be fitted.</summary>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Base">What it is built on.</param>
/// <param name="Seed">Of splits, folds and every draw.</param>
/// <param name="Time">By the number of arms still to be fitted after one: the time it has. Null gives as much as is needed.</param>
public sealed record TrainingPlan(string Learner, string Base = UpliftLearners.Trees, int Seed = 1, Func<int, IFitTime>? Time = null);
