using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;

namespace CampaignManager.Application.Uplift.Training;

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
    UpliftTableReader reader, ModelStore store, ModelService models, FeatureService features, WriteBesideModel writePlanner, CustomerScoringService scoring,
    NewTreated treated, ChallengerTrial trial, DataLake lake, TimeProvider time) : IJob
{
    public const string Kind = "train-model";

    public static readonly JobKind Declared = new(
        Kind, JobStage.PreparingFeatures, JobStage.LoadingData, JobStage.Training, JobStage.Evaluating, JobStage.Saving, JobStage.Planner);

    /// <summary>Progress when the data are there.</summary>
    private const double Loaded = 0.15;

    /// <summary>Progress when the fits are there.</summary>
    private const double Fitted = 0.7;

    /// <summary>Progress when all is said about them.</summary>
    private const double Judged = 0.92;

    private const string Converted = "converted";

    private const string Margin = "margin";

    public Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken) => context.NeverSilentAsync(RunOnceAsync, cancellationToken);

    private async Task<object?> RunOnceAsync(JobContext context, CancellationToken cancellationToken)
    {
        var request = context.Arguments<TrainingRequest>();
        if (await models.ResultAsync(context.RunId, cancellationToken) is { } done)
        {
            // Killed between its entry and what follows: that is done now.
            await PromoteAsync(context, request, cancellationToken);
            await ThenScoreAsync(context.RunId, request, cancellationToken);
            return done;
        }

        var started = time.GetTimestamp();
        if (await IsTooSoonAsync(context, request, cancellationToken))
            return null;
        if (request.ExperimentId is null)
        {
            // As of the request, not of this try: a run that starts again learns from the same table.
            await context.ReportAsync(JobStage.PreparingFeatures, 0, cancellationToken);
            await features.ComputeAsync(
                context.RequestedAt, FeatureScope.Training,
                (_, share) => context.ReportAsync(JobStage.PreparingFeatures, Loaded * share, cancellationToken), context, cancellationToken);
            // The planner lays campaigns over the customers as they stand: both count amounts alike.
            await features.RenewAsync(context.RequestedAt, null, context, cancellationToken);
        }

        var (draft, manifest) = await TrainAsync(context, request, started, cancellationToken);
        using var _ = draft;
        StageMemory.Return(manifest.Rows);
        if (File.Exists(draft.PathTo(ModelManifest.NuisancesFile)))
        {
            await context.ReportAsync(JobStage.Planner, 0.95, cancellationToken);
            await writePlanner(context.RunId, lake.PathTo($"{UpliftTableManifest.ShopFolder}/{UpliftTableManifest.TableFile}"), draft, cancellationToken);
        }

        manifest = manifest with { CreatedAt = time.GetUtcNow().UtcDateTime, DurationSeconds = time.GetElapsedTime(started).TotalSeconds };
        await draft.CommitAsync(manifest, cancellationToken);
        var result = await models.RegisterAsync(manifest, context.RequestedById, cancellationToken);
        await context.LogAsync(TrainingSentences.Saved(result.Promoted), cancellationToken);
        await PromoteAsync(context, request, cancellationToken);
        await ThenScoreAsync(context.RunId, request, cancellationToken);
        return result;
    }

    /// <summary>From the table to the files of the version, the planner's apart. A method of its own, so that nothing of the table is held when it returns.</summary>
    private async Task<(ModelDraft Draft, ModelManifest Manifest)> TrainAsync(
        JobContext context, TrainingRequest request, long started, CancellationToken cancellationToken)
    {
        await context.ReportAsync(JobStage.LoadingData, Loaded, cancellationToken);
        var table = await LoadAsync(request, cancellationToken);
        await context.LogAsync(TrainingSentences.Loaded(table), cancellationToken);
        TrainingChecks.Check(table, request.Outcome!, request.Learner!);
        // Of the whole table, whatever is left out below: versions with other seeds learnt from the same data.
        var dataHash = table.Hash();
        StageMemory.Release(table.Count);
        IReadOnlyList<ArmOverlap> overlap = [];
        if (!table.Manifest.Randomised)
        {
            (table, overlap) = await Task.Run(() => ObservationalData.Prepare(table, request.Seed, cancellationToken), cancellationToken);
            foreach (var arm in overlap)
                await context.LogAsync(TrainingSentences.Of(arm), cancellationToken);
            TrainingChecks.CheckOverlap(table);
        }

        // A response model is never put into use, so nothing is ever planned with it.
        var planner = request.ExperimentId is null && request.Learner != UpliftLearners.Response && table.Outcomes.ContainsKey(Converted) && table.Outcomes.ContainsKey(Margin);
        var budget = request.TimeBudgetSeconds is { } seconds ? new TimeBudget(time, started, seconds) : null;
        var trained = await new OutcomeFits(context, request, budget).RunAsync(
            table, planner ? [.. new[] { request.Outcome!, Converted, Margin }.Distinct()] : [request.Outcome!], Loaded, Fitted, cancellationToken);
        StageMemory.Release(table.Count);
        var judged = await EvaluatedModel.OfAsync(context, request, table, trained[request.Outcome!], overlap, Fitted, Judged - Fitted, cancellationToken);

        StageMemory.Release(table.Count);
        await context.ReportAsync(JobStage.Saving, Judged, cancellationToken);
        var draft = store.Begin(context.RunId);
        try
        {
            var main = judged.Trained;
            await File.WriteAllTextAsync(draft.PathTo(ModelManifest.ModelFile), FigureJson.Write(new StoredModel(main.Encoder, main.Model, judged.Surrogates)), cancellationToken);
            TrainingScoreFiles.WriteScores(lake, table, main, draft.PathTo(ModelManifest.ScoresFile), cancellationToken);
            await ReferenceProfile.Of(table, main, request.ExperimentId is null).SaveAsync(draft.PathTo(ReferenceProfile.FileName), cancellationToken);
            if (planner)
                TrainingScoreFiles.WriteNuisances(lake, table, trained[Converted], trained[Margin], draft.PathTo(ModelManifest.NuisancesFile), cancellationToken);
            return (draft, judged.Manifest(context.RunId, request, table, dataHash));
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>Whether a schedule's training waits for more customers; its run then ends well and says so.</summary>
    private async Task<bool> IsTooSoonAsync(JobContext context, TrainingRequest request, CancellationToken cancellationToken)
    {
        if (request.LeastNewTreated is not { } least || await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken) is not { DataTo: { } learnt } champion)
            return false;
        var found = await treated.CountAsync(learnt, context.RequestedAt, cancellationToken);
        if (found >= least)
            return false;
        await context.LogAsync(TrainingSentences.TooSoon(found, champion.Number, least), cancellationToken);
        return true;
    }

    private async Task PromoteAsync(JobContext context, TrainingRequest request, CancellationToken cancellationToken)
    {
        if (request.Promotion != TrainingRequest.Automatic || await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken) is not { } champion
            || champion.Id == context.RunId)
        {
            return;
        }

        var verdict = await trial.JudgeAsync(champion, context.RunId, cancellationToken);
        if (verdict.Wins)
        {
            var promoted = await models.PromoteAsync(context.RunId, Actor.System, cancellationToken);
            if (!promoted.Succeeded)
            {
                await context.LogAsync(TrainingSentences.Unjudged(champion.Number), cancellationToken);
                return;
            }
        }

        await context.LogAsync(TrainingSentences.Of(verdict, champion.Number), cancellationToken);
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
            throw request.ExperimentId is null
                ? new JobFailedException("nothing-to-learn-from", $"There is nothing to learn from yet: no past campaign with a holdout has ended.")
                : new JobFailedException("experiment-data-gone", $"The experiment's data are gone. Import them again.");
        }
    }
}
