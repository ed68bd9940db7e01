using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>What to train, as the API and the dialog say it.</summary>
/// <param name="Kind">Only <c>uplift</c> so far.</param>
/// <param name="ExperimentId">Null: the shop's own model over all past campaigns.</param>
/// <param name="Arms">Treated arms; null takes all.</param>
/// <param name="Outcome">Null takes the data's first binary outcome.</param>
/// <param name="Learner">One of <see cref="UpliftLearners.All"/>; null takes <c>auto</c> for an experiment and <c>s</c> for the shop.</param>
/// <param name="Base">One of <see cref="UpliftLearners.Bases"/>; null takes trees.</param>
/// <param name="TimeBudgetSeconds">For the whole run: <c>auto</c> draws the folds again only where that still fits in.</param>
/// <param name="ThenScore">All customers are scored with the version once it is there; of the shop's own model only.</param>
/// <param name="LeastNewTreated">Trains only if at least so many customers were treated since the version in use learnt, with windows that have closed; null always trains.</param>
/// <param name="Promotion">One of <see cref="Promotions"/>; null is manual.</param>
public sealed record TrainingRequest(
    string? Kind = "uplift",
    Guid? ExperimentId = null,
    IReadOnlyList<string>? Arms = null,
    string? Outcome = null,
    string? Learner = null,
    string? Base = null,
    int Seed = 1,
    int? TimeBudgetSeconds = null,
    Economics? Economics = null,
    bool ThenScore = false,
    int? LeastNewTreated = null,
    string? Promotion = null)
{
    /// <summary>An admin puts the version into use.</summary>
    public const string Manual = "manual";

    /// <summary>The version is put into use where it ranks the newest campaign better than the one in use, which has not seen it.</summary>
    public const string Automatic = "automatic";

    public static readonly IReadOnlyList<string> Promotions = [Manual, Automatic];
}

/// <summary>A run as a watcher sees it.</summary>
public sealed record TrainingRunView(JobRun Run, TrainingRequest Request, TrainModelResult? Result);

/// <summary>Starts, watches and cancels training runs.</summary>
public sealed class TrainingService(TrainingSources sources, JobService jobs)
{
    public const string DefaultLearner = UpliftLearners.Auto;

    /// <summary>Of the shop's own model when nothing is said: quick, so that a new shop soon has one.</summary>
    public const string ShopLearner = "s";

    public async Task<Outcome<Guid>> StartAsync(TrainingRequest request, Actor actor, CancellationToken cancellationToken)
    {
        if (!MayTrain(actor))
            return Failure.Forbidden("Training a model needs the role Admin.");
        var complete = await CompleteAsync(request, cancellationToken);
        return complete.Succeeded ? await jobs.StartAsync(TrainModelJob.Kind, complete.Value, actor, cancellationToken) : complete.Failure;
    }

    /// <summary>Fills in what the request leaves open, from the data as they are now; refuses what the data cannot give.</summary>
    public async Task<Outcome<TrainingRequest>> CompleteAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind is not (null or "uplift"))
            return Failure.Invalid("kind", "Only 'uplift' can be trained.");
        if (await sources.FindAsync(request.ExperimentId, cancellationToken) is not { } source)
            return Failure.Invalid("experimentId", "There is no experiment with this id.");

        var errors = new Dictionary<string, string[]>();
        var outcome = request.Outcome is null
            ? source.Outcomes.FirstOrDefault(o => o.IsBinary) ?? source.Outcomes[0]
            : source.Outcomes.FirstOrDefault(o => o.Name == request.Outcome) ?? source.Outcomes.FirstOrDefault(o => o.Label == request.Outcome);
        if (outcome is null)
            errors["outcome"] = [$"The data have no outcome '{request.Outcome}'. They have: {string.Join(", ", source.Outcomes.Select(o => o.Name))}."];
        var treated = source.Arms.Skip(1).ToList();
        var arms = request.Arms is { Count: > 0 } ? request.Arms : treated;
        var unknown = arms.Where(a => !treated.Contains(a)).ToList();
        if (unknown.Count > 0)
            errors["arms"] = [$"The data have no treated arm '{string.Join("', '", unknown)}'. They have: {string.Join(", ", treated)}."];
        var learner = request.Learner ?? LearnerFor(request.ExperimentId);
        if (UpliftLearners.Find(learner) is null)
            errors["learner"] = [$"There is no learner '{learner}'. There are: {string.Join(", ", UpliftLearners.All.Select(l => l.Name))}."];
        var basis = request.Base ?? UpliftLearners.Trees;
        if (!UpliftLearners.Bases.Contains(basis))
            errors["base"] = [$"There is no base '{basis}'. There are: {string.Join(", ", UpliftLearners.Bases)}."];
        else if (basis == UpliftLearners.LightGbm && learner != "t")
            errors["base"] = ["The base 'lightgbm' goes with the learner 't' only."];
        if (request.TimeBudgetSeconds is < 1)
            errors["timeBudgetSeconds"] = ["The time budget is at least a second."];
        if (request.LeastNewTreated is < 1)
            errors["leastNewTreated"] = ["Ask for at least one customer, or leave it out."];
        if (request.Promotion is not null && !TrainingRequest.Promotions.Contains(request.Promotion))
            errors["promotion"] = [$"There is no promotion '{request.Promotion}'. There are: {string.Join(", ", TrainingRequest.Promotions)}."];
        if (request is { ExperimentId: not null, LeastNewTreated: not null })
            errors["leastNewTreated"] = ["Only the shop's own model waits for new customers: an imported experiment has none."];
        if (request is { ExperimentId: not null, Promotion: TrainingRequest.Automatic })
            errors["promotion"] = ["Only a model of the shop's own campaigns is put into use by itself."];
        if (request is { ThenScore: true, ExperimentId: not null })
            errors["thenScore"] = ["Only a model of the shop's own campaigns can score the shop's customers."];
        if (request.Economics is { } e && !(e.Margin >= 0 && e.Discount >= 0 && e.ContactCost >= 0))
            errors["economics"] = ["Margin, discount and contact cost are 0 or more."];
        if (errors.Count > 0)
            return Failure.Invalid(errors);

        return request with { Kind = "uplift", Outcome = outcome!.Name, Arms = [.. treated.Where(arms.Contains)], Learner = learner, Base = basis };
    }

    /// <summary>
    /// Starts the training of the shop's first model, unless a run on the shop's own data was ever asked for: what a shop that has just come to be needs
    /// before anything can be predicted, and scored with it, so that there are audiences by uplift. The first model of a scope is in use at once.
    /// </summary>
    internal async Task StartFirstAsync(CancellationToken cancellationToken)
    {
        if (await ShopRunAsync(cancellationToken) is null)
            await StartAsync(new TrainingRequest(ThenScore: true), Actor.System, cancellationToken);
    }

    /// <summary>The newest run on the shop's own data; null when there is none.</summary>
    public async Task<TrainingRunView?> ShopRunAsync(CancellationToken cancellationToken) =>
        (await ListAsync(new PageRequest(1, PageRequest.MaxPageSize), cancellationToken)).Items.FirstOrDefault(r => r.Request.ExperimentId is null);

    public async Task<Outcome<TrainingRunView>> FindAsync(Guid runId, CancellationToken cancellationToken) =>
        await jobs.FindAsync(runId, cancellationToken) is { } run && run.Kind == TrainModelJob.Kind ? View(run) : Failure.NotFound("The training run");

    public async Task<Paged<TrainingRunView>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var runs = await jobs.ListAsync(TrainModelJob.Kind, page, cancellationToken);
        return new Paged<TrainingRunView>([.. runs.Items.Select(View)], runs.Total);
    }

    public async Task<Outcome> CancelAsync(Guid runId, Actor actor, CancellationToken cancellationToken)
    {
        if (!MayTrain(actor))
            return Failure.Forbidden("Cancelling a training run needs the role Admin.");
        if (await jobs.FindAsync(runId, cancellationToken) is not { } run || run.Kind != TrainModelJob.Kind)
            return Failure.NotFound("The training run");
        return await jobs.CancelAsync(runId, cancellationToken) ? Outcome.Success : Failure.Conflict("run-ended", "The training run has already ended.");
    }

    /// <summary>What is trained when no learner is named.</summary>
    public static string LearnerFor(Guid? experimentId) => experimentId is null ? ShopLearner : DefaultLearner;

    public static bool MayTrain(Actor actor) => actor.Is(Roles.Admin);

    private static TrainingRunView View(JobRun run) => new(
        run,
        JsonSerializer.Deserialize<TrainingRequest>(run.Arguments, JsonSerializerOptions.Web) ?? new TrainingRequest(),
        run.Result is null ? null : JsonSerializer.Deserialize<TrainModelResult>(run.Result, JsonSerializerOptions.Web));
}
