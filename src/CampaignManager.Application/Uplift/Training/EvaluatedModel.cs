using System.Reflection;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Explanation;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A trained model with everything that is said about it.</summary>
/// <param name="Surrogates">By treated arm from arm 1.</param>
/// <param name="Evaluation">Likewise.</param>
/// <param name="Overlap">Of data that were not randomised.</param>
internal sealed record EvaluatedModel(
    TrainedUplift Trained,
    IReadOnlyList<Surrogate> Surrogates,
    IReadOnlyList<ArmEvaluation> Evaluation,
    ArmChoice? BestArm,
    IReadOnlyList<CampaignError> Campaigns,
    IReadOnlyList<DataWarning> Warnings,
    IReadOnlyList<ArmOverlap> Overlap)
{
    /// <summary>Judges arm by arm, and writes into the run's log what is found.</summary>
    /// <param name="from">The run's progress when it begins.</param>
    /// <param name="share">How much of the run it is.</param>
    public static async Task<EvaluatedModel> OfAsync(
        JobContext context, TrainingRequest request, UpliftTable table, TrainedUplift trained, IReadOnlyList<ArmOverlap> overlap, double from, double share, CancellationToken cancellationToken)
    {
        var outcome = request.Outcome!;
        var (evaluation, surrogates) = (new List<ArmEvaluation>(), new List<Surrogate>());
        var arms = table.Manifest.Arms.Count;
        for (var arm = 1; arm < arms; arm++)
        {
            await context.ReportAsync(JobStage.Evaluating, from + share * (arm - 1) / (arms - 1), cancellationToken);
            surrogates.Add(UpliftExplanation.SurrogateOf(table, trained, arm, cancellationToken));
            evaluation.Add(UpliftEvaluation.Of(table, outcome, trained, arm, surrogates[^1], request.Economics, cancellationToken));
            await context.LogAsync(TrainingSentences.Of(evaluation[^1], table.Outcome(outcome).IsBinary, table.Outcome(outcome).Currency), cancellationToken);
        }

        IReadOnlyList<DataWarning> warnings = [.. DataChecks.Of(overlap), .. DataChecks.Of(table, outcome, trained)];
        foreach (var warning in warnings)
            await context.LogAsync(TrainingSentences.Of(warning), cancellationToken);
        return new EvaluatedModel(
            trained, surrogates, evaluation, BestArms.Of(table, outcome, trained),
            request.ExperimentId is null ? CampaignErrors.Of(table, outcome, trained, cancellationToken) : [], warnings, overlap);
    }

    /// <summary>The manifest, but for when it is made and how long that took.</summary>
    /// <param name="dataHash">Of the whole table, whatever was left out of it.</param>
    public ModelManifest Manifest(Guid id, TrainingRequest request, UpliftTable table, string dataHash) => new(
        id,
        ModelVersion.ScopeOf(request.ExperimentId),
        request.ExperimentId,
        table.Manifest.Name,
        table.Manifest.Randomised,
        table.Outcome(request.Outcome!),
        request.Learner!,
        request.Base!,
        Trained.Choices,
        request.Seed,
        table.Manifest.Arms,
        table.Manifest.From,
        table.Manifest.To,
        table.Count,
        Trained.Split.Train.Length,
        Trained.Split.Test.Length,
        table.CountCustomers(),
        dataHash,
        [.. table.Features.Select(f => new ModelFeature(f.Name, f.Label, f.Kind))],
        typeof(EvaluatedModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        default,
        0,
        Evaluation,
        BestArm,
        Campaigns,
        Warnings,
        new Dictionary<string, string>(),
        Overlap.Count == 0 ? null : Overlap,
        table.Manifest.MinorPerUnit,
        table.Manifest.Read);
}
