using System.Runtime.CompilerServices;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Quality;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Overview.Loop;

/// <summary>The loop at a glance: each stage with its freshness, its runs, what is wrong and what mends it. For managers and admins.</summary>
public sealed class LoopService(
    DataLake lake, IDbContextFactory<AppDbContext> contexts, LakeInventory inventory, QualityService quality, FeatureSummaries features, ModelService models,
    ModelHealth health, CustomerScores scores, CustomerScoringService scoring, CampaignList campaigns, EffectService effects, NewTreated newTreated,
    JobService jobs, TimeProvider time)
{
    /// <summary>Data without anything newer for longer than this are old.</summary>
    public const int DataDays = 2;

    /// <summary>From so many new treated customers on another training is worth its time.</summary>
    public const int WorthLearning = 500;

    private const int MeasuredDays = 365;

    /// <summary>Stage by stage as each is known, because some take a moment after the data have changed. Nothing for whoever may not see it.</summary>
    public async IAsyncEnumerable<LoopStep> ReadAsync(Actor actor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!MaySee(actor))
            yield break;
        var now = time.GetUtcNow().UtcDateTime;
        LoopRuns runs;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
            runs = await LoopRuns.ReadAsync(context, now, cancellationToken);
        var stock = (await inventory.ReadAsync(cancellationToken)).ToDictionary(t => t.Table);
        yield return Data(stock, runs, now);
        yield return await CleaningAsync(runs, cancellationToken);
        var made = features.Read();
        yield return Features(made, stock, runs);
        var champion = await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken);
        yield return await ModelsAsync(champion, runs, cancellationToken);
        yield return await PredictionsAsync(champion, made, runs, cancellationToken);
        yield return await CampaignsAsync(actor, now, cancellationToken);
        yield return await ResultsAsync(cancellationToken);
        yield return await FeedbackAsync(champion, now, cancellationToken);
    }

    public static bool MaySee(Actor actor) => actor.IsAny(Roles.Manager, Roles.Admin);

    public static bool MayMend(Actor actor) => actor.Is(Roles.Admin);

    /// <summary>Starts what mends a stage, unless it waits already.</summary>
    public async Task<Outcome> MendAsync(LoopAction action, Actor actor, CancellationToken cancellationToken)
    {
        if (!MayMend(actor))
            return Failure.Forbidden("Only an admin starts jobs.");
        switch (action)
        {
            case LoopAction.CheckQuality:
                await quality.StartAsync(actor, cancellationToken);
                return Outcome.Success;
            case LoopAction.ComputeFeatures:
                await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
                {
                    if (!await context.JobRuns.AnyAsync(r => r.Kind == ComputeFeaturesJob.Kind && r.State == JobState.Queued, cancellationToken))
                        await jobs.StartAsync(ComputeFeaturesJob.Kind, new ComputeFeatures(), actor, cancellationToken);
                }

                return Outcome.Success;
            case LoopAction.ScoreCustomers:
                if (await models.ChampionAsync(ModelVersion.ShopScope, cancellationToken) is not { } champion)
                    return Failure.Conflict("no-model", "No model is in use yet.");
                var started = await scoring.StartAsync(champion.Id, actor, cancellationToken);
                return started.Succeeded ? Outcome.Success : started.Failure;
            default:
                throw new InvalidOperationException($"Nothing mends by {action}.");
        }
    }

    private static LoopStep Data(Dictionary<string, LakeTableStock> stock, LoopRuns runs, DateTime now)
    {
        var orders = stock[LakeTable.Orders.Name];
        var newest = new[] { orders.Newest, stock[LakeTable.Events.Name].Newest }.Max();
        List<LoopTrouble> troubles = [];
        if (newest is null)
            troubles.Add(new LoopTrouble("no-data", 0, "/data/import?kind=orders"));
        else if ((long)(now - newest.Value).TotalDays is > DataDays and var days)
            troubles.Add(new LoopTrouble("old-data", days, "/data"));
        return Step(LoopStage.Data, newest, orders.Rows, runs, "/data", troubles);
    }

    private async Task<LoopStep> CleaningAsync(LoopRuns runs, CancellationToken cancellationToken)
    {
        var reports = await quality.LatestAsync(cancellationToken);
        List<LoopTrouble> troubles = [];
        if (reports.Count(r => r.Grade == QualityGrade.Fail) is > 0 and var failed)
            troubles.Add(new LoopTrouble("quality-failed", failed, "/data/quality", LoopAction.CheckQuality, Grave: true));
        if (reports.Count(r => r.Grade == QualityGrade.Warn) is > 0 and var warned)
            troubles.Add(new LoopTrouble("quality-warned", warned, "/data/quality", LoopAction.CheckQuality));
        return Step(LoopStage.Cleaning, reports.Count == 0 ? null : reports.Min(r => r.At), reports.Count, runs, "/data/quality", troubles);
    }

    private LoopStep Features(FeatureSummary? summary, Dictionary<string, LakeTableStock> stock, LoopRuns runs)
    {
        List<LoopTrouble> troubles = [];
        if (summary is null && stock[LakeTable.Orders.Name].Rows > 0)
            troubles.Add(new LoopTrouble("no-features", 0, "/data/features", LoopAction.ComputeFeatures));
        else if (summary is not null && inventory.Imports().Count(i => i.WrittenAt > summary.AsOf) is > 0 and var later)
            troubles.Add(new LoopTrouble("old-features", later, "/data/features", LoopAction.ComputeFeatures));
        return Step(LoopStage.Features, summary?.AsOf, summary?.Customers ?? 0, runs, "/data/features", troubles);
    }

    private async Task<LoopStep> ModelsAsync(ModelRow? champion, LoopRuns runs, CancellationToken cancellationToken)
    {
        List<LoopTrouble> troubles = [];
        if (champion is null)
        {
            // One that is at work will be the first.
            if (lake.HasRows(LakeTable.Exposures) && runs.LastOf(LoopStage.Models)?.State is not (JobState.Queued or JobState.Running))
                troubles.Add(new LoopTrouble("no-model", 0, "/training"));
            return Step(LoopStage.Models, null, 0, runs, "/models", troubles);
        }

        if (await health.OfShopAsync(cancellationToken) is { } condition)
        {
            if (condition.TakenBack > 0)
                troubles.Add(new LoopTrouble(ModelCondition.UndoneDataCode, condition.TakenBack, $"/models/{champion.Id}"));
            if (condition.Drifted > 0)
                troubles.Add(new LoopTrouble(ModelCondition.DriftedCode, condition.Drifted, $"/models/{champion.Id}"));
            if (condition.Stale)
                troubles.Add(new LoopTrouble(ModelCondition.StaleCode, condition.AgeDays, "/training"));
        }

        return Step(LoopStage.Models, champion.CreatedAt, champion.Number, runs, "/models", troubles);
    }

    private async Task<LoopStep> PredictionsAsync(ModelRow? champion, FeatureSummary? summary, LoopRuns runs, CancellationToken cancellationToken)
    {
        if (champion is null)
            return Step(LoopStage.Predictions, null, 0, runs, "/models", []);
        var run = await scores.RunAsync(champion.Id, cancellationToken);
        List<LoopTrouble> troubles = [];
        if (run is null)
            troubles.Add(new LoopTrouble("no-scores", 0, $"/models/{champion.Id}", LoopAction.ScoreCustomers));
        else if (summary?.AsOf > run.At)
            troubles.Add(new LoopTrouble("old-scores", 0, $"/models/{champion.Id}", LoopAction.ScoreCustomers));
        return Step(LoopStage.Predictions, run?.At, run?.Rows ?? 0, runs, $"/models/{champion.Id}", troubles);
    }

    private async Task<LoopStep> CampaignsAsync(Actor actor, DateTime now, CancellationToken cancellationToken)
    {
        var live = await campaigns.ListAsync(new CampaignFilter { Statuses = [CampaignStatus.Live] }, new PageRequest(1, 200, "end"), cancellationToken);
        var waiting = await campaigns.ListAsync(new CampaignFilter { WaitsFor = actor }, new PageRequest(1, 1), cancellationToken);
        var paces = live.Items.Select(c => BudgetPace.Of(c, now)).ToList();
        List<LoopTrouble> troubles = [];
        if (paces.Count(p => p.Pace == Pace.Spent) is > 0 and var spent)
            troubles.Add(new LoopTrouble("budget-spent", spent, "/campaigns?status=live", Grave: true));
        if (paces.Count(p => p.RunsOutAt is not null) is > 0 and var early)
            troubles.Add(new LoopTrouble("budget-runs-out", early, "/campaigns?status=live"));
        if (waiting.Total > 0)
            troubles.Add(new LoopTrouble("waits-for-you", waiting.Total, "/campaigns?waits=true"));
        var changed = live.Items.Count == 0 ? (DateTime?)null : live.Items.Max(c => c.UpdatedAt);
        return new LoopStep(LoopStage.Campaigns, StateOf(troubles, null, changed), changed, live.Total, null, null, "/campaigns?status=live", troubles);
    }

    private async Task<LoopStep> ResultsAsync(CancellationToken cancellationToken)
    {
        var measured = await effects.ReadAsync(MeasuredDays, cancellationToken);
        List<LoopTrouble> troubles = [];
        if (measured?.Campaigns.Count(c => c.Mismatch) is > 0 and var mismatched)
            troubles.Add(new LoopTrouble("sample-ratio", mismatched, "/", Grave: true));
        var fresh = measured?.To.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return new LoopStep(LoopStage.Results, StateOf(troubles, null, fresh), fresh, measured?.Campaigns.Count ?? 0, null, null, "/", troubles);
    }

    private async Task<LoopStep> FeedbackAsync(ModelRow? champion, DateTime now, CancellationToken cancellationToken)
    {
        if (champion?.DataTo is not { } learnt)
            return new LoopStep(LoopStage.Feedback, LoopState.Empty, null, 0, null, null, "/training", []);
        var treated = await newTreated.CountAsync(learnt, now, cancellationToken);
        List<LoopTrouble> troubles = treated >= WorthLearning ? [new LoopTrouble("learn-again", treated, "/training")] : [];
        return new LoopStep(LoopStage.Feedback, StateOf(troubles, null, learnt), learnt, treated, null, null, "/training", troubles);
    }

    private static LoopStep Step(LoopStage stage, DateTime? fresh, long count, LoopRuns runs, string href, List<LoopTrouble> troubles)
    {
        var last = runs.LastOf(stage);
        return new LoopStep(stage, StateOf(troubles, last, fresh), fresh, count, last, runs.NextOf(stage), href, troubles);
    }

    private static LoopState StateOf(List<LoopTrouble> troubles, LoopRun? last, DateTime? fresh) => last?.State switch
    {
        JobState.Queued or JobState.Running => LoopState.Working,
        JobState.Failed => LoopState.Failed,
        _ when troubles.Any(t => t.Grave) => LoopState.Failed,
        _ when troubles.Count > 0 => LoopState.Care,
        _ => fresh is null ? LoopState.Empty : LoopState.Fine,
    };
}
