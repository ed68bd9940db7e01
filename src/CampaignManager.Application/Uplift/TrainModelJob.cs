using System.Globalization;
using System.Reflection;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Prediction;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift;

/// <param name="ModelId">The version that was made; its id is the run's.</param>
/// <param name="Metrics">Of the first treated arm.</param>
/// <param name="Arms">Of every treated arm.</param>
/// <param name="Promoted">Whether it is now in use because its scope had no model.</param>
public sealed record TrainModelResult(Guid ModelId, ModelMetrics Metrics, IReadOnlyList<ModelMetrics> Arms, bool Promoted);

/// <summary>
/// Trains one version. The version's id is the run's id and every step is a function of data and seed, so a run that is killed and starts
/// again ends in the same files and one row.
/// </summary>
public sealed class TrainModelJob(
    UpliftTableReader reader, ModelStore store, ModelService models, FeatureService features, PlannerTrainer planners, ScoreRunService scoring, Lake lake, TimeProvider time) : IJob
{
    public const string Kind = "train-model";

    /// <summary>Progress when the data are there.</summary>
    private const double Loaded = 0.15;

    private const int FewestRows = 50;

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var request = context.Arguments<TrainingRequest>();
        if (await models.ResultAsync(context.RunId, cancellationToken) is { } done)
        {
            await ThenScoreAsync(context.RunId, request, cancellationToken);
            return done;
        }

        var started = time.GetTimestamp();
        if (request.ExperimentId is null)
        {
            // As of the request, not of this try: a run that starts again learns from the same table.
            await context.ReportAsync(JobStage.PreparingFeatures, 0, cancellationToken);
            await features.ComputeAsync(
                context.RequestedAt, FeatureScope.Training, (_, share) => context.ReportAsync(JobStage.PreparingFeatures, Loaded * share, cancellationToken), cancellationToken);
        }

        await context.ReportAsync(JobStage.LoadingData, Loaded, cancellationToken);
        var table = await LoadAsync(request, cancellationToken);
        var outcome = request.Outcome!;
        await context.LogAsync(string.Create(CultureInfo.InvariantCulture,
            $"Loaded {table.Count:N0} rows of {table.Customers.Distinct().Count():N0} customers, {table.Features.Count} features, arms {string.Join(", ", table.Manifest.Arms)}."), cancellationToken);
        Check(table, outcome);
        // Of the whole table, whatever is left out below: versions with other seeds learnt from the same data.
        var dataHash = table.Hash();
        IReadOnlyList<ArmOverlap> overlap = [];
        if (!table.Manifest.Randomised)
        {
            (table, overlap) = await Task.Run(() => ObservationalData.Prepare(table, request.Seed, cancellationToken), cancellationToken);
            foreach (var arm in overlap)
                await context.LogAsync(TrainingSentences.Of(arm), cancellationToken);
            CheckOverlap(table);
        }

        // A response model is never put into use, so nothing is ever planned with it.
        var planner = request.ExperimentId is null && request.Learner != UpliftLearners.Response && table.Outcomes.ContainsKey("converted") && table.Outcomes.ContainsKey("margin");
        var outcomes = planner ? new[] { outcome, "converted", "margin" }.Distinct().ToArray() : [outcome];
        var trained = new Dictionary<string, TrainedUplift>();
        for (var k = 0; k < outcomes.Length; k++)
        {
            var at = k;
            await context.ReportAsync(JobStage.Training, 0.2 + 0.5 * at / outcomes.Length, cancellationToken);
            // What the planner needs beside the outcome asked for are nuisances, and for those one learner is enough.
            var plan = outcomes[at] == outcome ? PlanOf(request) : new TrainingPlan("s", Seed: request.Seed);
            trained[outcomes[at]] = await UpliftTraining.RunAsync(
                table, outcomes[at], plan, share => context.ReportAsync(JobStage.Training, 0.2 + 0.5 * (at + share) / outcomes.Length, cancellationToken), cancellationToken);
            await context.LogAsync(string.Create(CultureInfo.InvariantCulture,
                $"Fitted '{outcomes[at]}' with learner {plan.Learner}: {DataSplit.FoldCount} folds and all {trained[outcomes[at]].Split.Train.Length:N0} training rows."), cancellationToken);
            foreach (var (choice, arm) in trained[outcomes[at]].Choices.Select((c, i) => (c, i)))
                await context.LogAsync($"{table.Manifest.Arms[arm + 1]}: {TrainingSentences.Of(choice)}", cancellationToken);
        }

        var main = trained[outcome];
        var evaluation = new List<ArmEvaluation>();
        var surrogates = new List<Surrogate>();
        for (var arm = 1; arm < table.Manifest.Arms.Count; arm++)
        {
            await context.ReportAsync(JobStage.Evaluating, 0.7 + 0.2 * (arm - 1) / (table.Manifest.Arms.Count - 1), cancellationToken);
            surrogates.Add(UpliftExplanation.SurrogateOf(table, main, arm, cancellationToken));
            var evaluated = UpliftEvaluation.Of(table, outcome, main, arm, surrogates[^1], request.Economics, cancellationToken);
            evaluation.Add(evaluated);
            await context.LogAsync(TrainingSentences.Of(evaluated), cancellationToken);
        }

        IReadOnlyList<DataWarning> warnings = [.. DataChecks.Of(overlap), .. DataChecks.Of(table, outcome, main)];
        foreach (var warning in warnings)
            await context.LogAsync(TrainingSentences.Of(warning), cancellationToken);
        var bestArm = UpliftEvaluation.BestArm(table, outcome, main);
        var campaigns = request.ExperimentId is null ? CampaignErrors.Of(table, outcome, main, cancellationToken) : [];

        await context.ReportAsync(JobStage.Saving, 0.92, cancellationToken);
        using var draft = store.Begin(context.RunId);
        await File.WriteAllTextAsync(draft.PathTo(ModelManifest.ModelFile), ModelJson.Write(new StoredModel(main.Encoder, main.Model, surrogates)), cancellationToken);
        ScoreFiles.WriteScores(lake, table, main, draft.PathTo(ModelManifest.ScoresFile), cancellationToken);
        await ReferenceProfile.Of(table, main, request.ExperimentId is null).SaveAsync(draft.PathTo(ReferenceProfile.FileName), cancellationToken);
        if (planner)
        {
            ScoreFiles.WriteNuisances(lake, table, trained["converted"], trained["margin"], draft.PathTo(ModelManifest.NuisancesFile), cancellationToken);
            await context.ReportAsync(JobStage.Planner, 0.95, cancellationToken);
            var fitted = await planners.FitAsync(
                context.RunId, lake.PathTo($"{UpliftTableManifest.ShopFolder}/{UpliftTableManifest.TableFile}"), draft.PathTo(ModelManifest.NuisancesFile), cancellationToken);
            await fitted.SaveAsync(draft.PathTo(PlannerModel.FileName), cancellationToken);
        }

        var manifest = Manifest(context.RunId, request, table, dataHash, main, evaluation, bestArm, campaigns, warnings, overlap, time.GetElapsedTime(started).TotalSeconds);
        await draft.CommitAsync(manifest, cancellationToken);
        var result = await models.RegisterAsync(manifest, context.RequestedById, cancellationToken);
        await context.LogAsync(result.Promoted ? "Saved, and in use: it is the first model of these data." : "Saved.", cancellationToken);
        await ThenScoreAsync(context.RunId, request, cancellationToken);
        return result;
    }

    private Task ThenScoreAsync(Guid id, TrainingRequest request, CancellationToken cancellationToken) =>
        request.ThenScore ? scoring.StartFirstAsync(id, cancellationToken) : Task.CompletedTask;

    private async Task<UpliftTable> LoadAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var folder = request.ExperimentId is { } id ? UpliftTableManifest.ExperimentFolder(id) : UpliftTableManifest.ShopFolder;
            var table = await reader.ReadAsync(folder, cancellationToken);
            return request.ExperimentId is null ? table : table.WithArms(request.Arms!);
        }
        catch (FileNotFoundException)
        {
            throw new JobFailedException(request.ExperimentId is null
                ? "There is nothing to learn from yet: no past campaign with a holdout has ended."
                : "The experiment's data are gone. Import them again.");
        }
    }

    private static void Check(UpliftTable table, string outcome)
    {
        if (!table.Outcomes.TryGetValue(outcome, out var values))
            throw new JobFailedException($"The data have no outcome '{outcome}'.");
        if (values.Any(double.IsNaN))
            throw new JobFailedException($"The outcome '{outcome}' is missing in some rows.");
        for (var arm = 0; arm < table.Manifest.Arms.Count; arm++)
        {
            var rows = table.Arms.Count(a => a == arm);
            if (rows < FewestRows)
                throw new JobFailedException(string.Create(CultureInfo.InvariantCulture, $"The arm '{table.Manifest.Arms[arm]}' has {rows} rows; at least {FewestRows} are needed to learn anything."));
        }

        if (table.Manifest.Randomised && table.Propensity.Any(p => !(p > 0 && p < 1)))
            throw new JobFailedException("Some rows have no propensity strictly between 0 and 1.");
    }

    private static void CheckOverlap(UpliftTable table)
    {
        for (var arm = 0; arm < table.Manifest.Arms.Count; arm++)
        {
            var rows = table.Arms.Count(a => a == arm);
            if (rows < FewestRows)
                throw new JobFailedException(string.Create(CultureInfo.InvariantCulture,
                    $"The arms have too little in common: after leaving out customers without anyone like them in the other arm, '{table.Manifest.Arms[arm]}' has {rows} rows; at least {FewestRows} are needed to learn anything."));
        }
    }

    private TrainingPlan PlanOf(TrainingRequest request)
    {
        if (request.TimeBudgetSeconds is not { } seconds)
            return new TrainingPlan(request.Learner!, request.Base!, request.Seed);
        var begun = time.GetTimestamp();
        return new TrainingPlan(request.Learner!, request.Base!, request.Seed, () => time.GetElapsedTime(begun).TotalSeconds > seconds);
    }

    private ModelManifest Manifest(
        Guid id, TrainingRequest request, UpliftTable table, string dataHash, TrainedUplift trained, List<ArmEvaluation> evaluation,
        ArmChoice? bestArm, IReadOnlyList<CampaignError> campaigns, IReadOnlyList<DataWarning> warnings, IReadOnlyList<ArmOverlap> overlap, double seconds) => new(
        id,
        ModelVersion.ScopeOf(request.ExperimentId),
        request.ExperimentId,
        table.Manifest.Name,
        table.Manifest.Randomised,
        table.Outcome(request.Outcome!),
        request.Learner!,
        request.Base!,
        trained.Choices,
        request.Seed,
        table.Manifest.Arms,
        table.Manifest.From,
        table.Manifest.To,
        table.Count,
        trained.Split.Train.Length,
        trained.Split.Test.Length,
        table.Customers.Distinct().Count(),
        dataHash,
        [.. table.Features.Select(f => new ModelFeature(f.Name, f.Label, f.Kind))],
        typeof(TrainModelJob).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        time.GetUtcNow().UtcDateTime,
        seconds,
        evaluation,
        bestArm,
        campaigns,
        warnings,
        new Dictionary<string, string>(),
        overlap.Count == 0 ? null : overlap);
}
