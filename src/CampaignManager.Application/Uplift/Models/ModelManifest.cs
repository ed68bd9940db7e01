using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>Everything needed to know what a model is and to make it again. <c>manifest.json</c> in the model's folder.</summary>
/// <param name="Scope"><c>shop</c> or <c>experiment:&lt;id&gt;</c>: a champion is one per scope.</param>
/// <param name="Choices">By treated arm what <c>auto</c> chose; empty for other learners.</param>
/// <param name="BestArm">With several treated arms, whether choosing by customer beats one arm for all.</param>
/// <param name="Campaigns">Of the shop: every past campaign predicted from the others.</param>
/// <param name="Warnings">What is doubtful about the data.</param>
/// <param name="Files">SHA-256 of every other file of the folder.</param>
/// <param name="Overlap">Of data that were not randomised, by treated arm: what the propensity was estimated with and who was left out.</param>
/// <param name="MinorPerUnit">Of the shop's own models: what their amounts count in (<see cref="AmountUnit"/>); null in versions of before.</param>
/// <param name="Read">Of the shop's own models: rows left out as known after assignment, and rows older than the first import; null in versions of before.</param>
public sealed record ModelManifest(
    Guid Id,
    string Scope,
    Guid? ExperimentId,
    string Source,
    bool Randomised,
    UpliftOutcome Outcome,
    string Learner,
    string Base,
    IReadOnlyList<AutoReport> Choices,
    int Seed,
    IReadOnlyList<string> Arms,
    DateTime? DataFrom,
    DateTime? DataTo,
    int Rows,
    int TrainRows,
    int TestRows,
    int Customers,
    string DataHash,
    IReadOnlyList<ModelFeature> Features,
    string CodeVersion,
    DateTime CreatedAt,
    double DurationSeconds,
    IReadOnlyList<ArmEvaluation> Evaluation,
    ArmChoice? BestArm,
    IReadOnlyList<CampaignError> Campaigns,
    IReadOnlyList<DataWarning> Warnings,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<ArmOverlap>? Overlap = null,
    long? MinorPerUnit = null,
    RowsRead? Read = null)
{
    /// <summary>Whether everything shown from it is to be marked so: the propensity was estimated.</summary>
    public bool Observational => !Randomised;

    /// <summary>Whether what it learnt is in the unit that the shop's amounts have. An experiment's amounts are its own.</summary>
    public bool CountsIn(AmountUnit unit) => ExperimentId is not null || (MinorPerUnit ?? AmountUnit.Unsaid.Minor) == unit.Minor;

    public const string FileName = "manifest.json";

    public const string ModelFile = "model.json";

    public const string ScoresFile = "scores.parquet";

    public const string NuisancesFile = "nuisances.parquet";
}

public sealed record ModelFeature(string Name, string Label, FeatureKind Kind);

/// <summary>What <c>model.json</c> holds: enough to score.</summary>
/// <param name="Surrogates">By treated arm, for explanations.</param>
public sealed record StoredModel(FeatureEncoder Encoder, FittedUplift Model, IReadOnlyList<Surrogate> Surrogates);
