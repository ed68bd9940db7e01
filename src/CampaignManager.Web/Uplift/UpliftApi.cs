using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace CampaignManager.Web.Uplift;

/// <summary>Training runs and the registry of models.</summary>
public static class UpliftApi
{
    public static void MapUpliftApi(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/training-runs").WithTags("Models").RequireScope(Scopes.Models);
        runs.MapPost("/", async (TrainingRequest request, TrainingService training, HttpContext http, CancellationToken cancellationToken) =>
            (await training.StartAsync(request, http.ApiActor(), cancellationToken)).ToAccepted(id => $"{Api.Prefix}/training-runs/{id}", id => new Started(id)))
            .WithSummary("Train a model on an experiment, or without experimentId on the shop's past campaigns").Produces<Started>(StatusCodes.Status202Accepted);
        runs.MapGet("/", async ([AsParameters] ListQuery query, TrainingService training, CancellationToken cancellationToken) =>
            {
                var page = await training.ListAsync(query.ToRequest(), cancellationToken);
                return TypedResults.Ok(new Paged<TrainingRunShown>([.. page.Items.Select(TrainingRunShown.Of)], page.Total));
            })
            .WithSummary("Training runs, newest first");
        runs.MapGet("/{id:guid}", async (Guid id, TrainingService training, CancellationToken cancellationToken) =>
            (await training.FindAsync(id, cancellationToken)).ToOk(TrainingRunShown.Of))
            .WithSummary("Where a run is, and when it is done the model and its metrics").Produces<TrainingRunShown>().ProducesProblem(StatusCodes.Status404NotFound);
        runs.MapPost("/{id:guid}/cancel", async (Guid id, TrainingService training, HttpContext http, CancellationToken cancellationToken) =>
            (await training.CancelAsync(id, http.ApiActor(), cancellationToken)).ToNoContent())
            .WithSummary("Stop a queued or running run").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);

        api.MapPost("/score", async (ScoreRequest request, ScoreService scores, CancellationToken cancellationToken) => (await scores.ScoreAsync(request, cancellationToken)).ToOk())
            .WithTags("Models").RequireScope(Scopes.Models).OpenToSandbox()
            .WithName("scoreCustomers")
            .WithSummary("Predict customers you describe, at most 10,000 a call; without modelId with the shop's version in use")
            .WithDescription("Features go by column name or label, as `GET /models/{id}` lists them; one that is left out counts as missing. With several arms the answer has `treated_<arm>` and `uplift_<arm>` for each, and `best`.")
            .Produces<IReadOnlyList<ScoredCustomer>>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        var models = api.MapGroup("/models").WithTags("Models").RequireScope(Scopes.Models);
        models.MapGet("/", async ([AsParameters] ListQuery query, ModelService registry, CancellationToken cancellationToken) =>
            TypedResults.Ok(await registry.ListAsync(query.ToRequest(), cancellationToken)))
            .WithSummary("Model versions, newest first");
        models.MapGet("/{id:guid}", async (Guid id, ModelService registry, CancellationToken cancellationToken) =>
            {
                var found = await registry.FindAsync(id, cancellationToken);
                return found.Succeeded ? Results.Json(found.Value, FigureJson.Options) : found.Failure.ToProblem();
            })
            .WithSummary("A version with its whole manifest: data, features, parameters, metrics with intervals, curves").Produces<ModelDetail>().ProducesProblem(StatusCodes.Status404NotFound);
        models.MapPost("/{id:guid}/promote", async (Guid id, ModelService registry, HttpContext http, CancellationToken cancellationToken) =>
            (await registry.PromoteAsync(id, http.ApiActor(), cancellationToken)).ToNoContent())
            .WithSummary("Put a version into use").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
        models.MapPost("/{id:guid}/rollback", async (Guid id, ModelService registry, HttpContext http, CancellationToken cancellationToken) =>
            (await registry.RollbackAsync(id, http.ApiActor(), cancellationToken)).ToOk(back => new RolledBack(back)))
            .WithSummary("Take the version in use back; the one before it is in use again").Produces<RolledBack>().ProducesProblem(StatusCodes.Status409Conflict);
        models.MapGet("/{id:guid}/scores.csv", ScoresAsync).RequireScope(Scopes.Customers).WithDescription(LeavingLists.Described)
            .WithSummary("Every row's predictions, in the data's order").Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        models.MapGet("/{id:guid}/segments", SegmentsAsync)
            .WithSummary("Measured effect by group of customers, with intervals that hold for all groups of a feature at once").Produces<IReadOnlyList<SegmentShown>>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        models.MapPost("/{id:guid}/score-runs", async (Guid id, CustomerScoringService runs, HttpContext http, CancellationToken cancellationToken) =>
            (await runs.StartAsync(id, http.ApiActor(), cancellationToken)).ToAccepted(_ => $"{Api.Prefix}/models/{id}/score-runs", run => new Started(run)))
            .WithSummary("Score all of the shop's customers with this version").Produces<Started>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        models.MapGet("/{id:guid}/score-runs", async (Guid id, CustomerScoringService runs, CancellationToken cancellationToken) =>
            TypedResults.Ok((await runs.ListAsync(id, cancellationToken)).Select(ScoreRunShown.Of)))
            .WithSummary("This version's runs over all customers, newest first");
        models.MapGet("/{id:guid}/drift", async (Guid id, Guid? experimentId, DriftService drift, CancellationToken cancellationToken) =>
            (await drift.CheckAsync(id, experimentId, cancellationToken)).ToOk(DriftShown.Of))
            .WithSummary("How far the shop's customers, or another experiment's, have moved from those the version learnt from: population stability index by feature and of the scores")
            .Produces<DriftShown>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ScoresAsync(
        Guid id, [FromQuery] string? reason, ModelService registry, ModelStore store, TrainingRowScores scores, AuditLog audit, HttpContext http, CancellationToken cancellationToken)
    {
        var found = await registry.FindAsync(id, cancellationToken);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        try
        {
            // Checked before the first byte, so that a damaged file is a refusal and not half a table.
            await store.VerifiedPathAsync(id, ModelManifest.ScoresFile, cancellationToken);
        }
        catch (ModelDamagedException damage)
        {
            return Failure.Conflict("model-damaged", damage.Message).ToProblem();
        }

        if (await audit.RefusalAsync(AuditAction.ScoresListed, id.ToString(), http, cancellationToken) is { } unsaid)
            return unsaid.ToProblem();
        return Results.Stream(stream => scores.WriteCsvAsync(id, stream, cancellationToken), "text/csv", $"scores-{id:N}.csv");
    }

    private static async Task<IResult> SegmentsAsync(Guid id, ModelService registry, CancellationToken cancellationToken)
    {
        var found = await registry.FindAsync(id, cancellationToken);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        if (found.Value.Manifest is not { } manifest)
            return Failure.Conflict("model-damaged", found.Value.Damage!).ToProblem();
        return TypedResults.Ok(manifest.Evaluation.SelectMany(arm =>
        {
            var name = manifest.Evaluation.Count == 1 ? null : arm.Arm;
            return arm.Found.Select(g => new SegmentShown(name, Described(g), g.Rows, Known(g.Uplift), Known(g.Low), Known(g.High), manifest.Observational))
                .Concat(arm.Segments.Select(s => new SegmentShown(name, s.Name, s.Rows, Known(s.Uplift), Known(s.Low), Known(s.High), manifest.Observational)));
        }).ToList());
    }

    private static string Described(FoundGroup group) => group.Conditions.Count == 0 ? "all" : string.Join(" and ", group.Conditions.Select(Described));

    private static string Described(FoundCondition c)
    {
        var threshold = c.Threshold.ToString("0.####", CultureInfo.InvariantCulture);
        return c.Kind switch
        {
            EncodedKind.Level => $"{c.Label} {(c.Above ? "=" : "≠")} {c.Level}",
            EncodedKind.Missing => $"{c.Label} {(c.Above ? "missing" : "known")}",
            EncodedKind.Rank => $"rank of {c.Label} {(c.Above ? ">" : "≤")} {threshold}",
            _ => $"{c.Label} {(c.Above ? ">" : "≤")} {threshold}",
        };
    }

    private static double? Known(double value) => double.IsFinite(value) ? value : null;

    public sealed record Started(Guid Id);

    /// <param name="InUse">The version now in use.</param>
    public sealed record RolledBack(Guid InUse);

    /// <param name="Arm">Given where there are several.</param>
    /// <param name="Observational">Whether the arms were not drawn at random.</param>
    public sealed record SegmentShown(string? Arm, string Segment, int Size, double? Uplift, double? Low, double? High, bool Observational);
}

/// <param name="State">As of a training run.</param>
/// <param name="Scored">Buckets of customers scored by this run; those in <c>kept</c> stood already.</param>
/// <param name="Campaign">The campaign whose offer the customers are scored for.</param>
public sealed record ScoreRunShown(
    Guid Id, [property: AllowedValues("queued", "running", "succeeded", "failed", "cancelled")] string State,
    double Progress, long? Customers, int? Scored, int? Kept, string? Campaign, string? Error, DateTime CreatedAt, DateTime? FinishedAt)
{
    public static ScoreRunShown Of(ScoreRunView view) => new(
        view.Run.Id, System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(view.Run.State.ToString()), view.Run.Progress, view.Result?.Rows, view.Result?.Scored, view.Result?.Kept,
        view.Result?.CampaignName, view.Run.Error, view.Run.CreatedAt, view.Run.FinishedAt);
}

/// <param name="Alarms">Features and scores whose index is above 0.2.</param>
/// <param name="Unknown">Why nothing can be said; null when it can.</param>
public sealed record DriftShown(long Customers, DateTime? At, int Alarms, IReadOnlyList<DriftShown.Moved> Features, IReadOnlyList<DriftShown.Moved> Scores, string? Unknown)
{
    public static DriftShown Of(DriftReport report) => new(
        report.Rows, report.At, report.Alarms, [.. report.Features.Select(Moved.Of)], [.. report.Scores.Select(Moved.Of)],
        report.Why is { } why ? System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(why.ToString()) : null);

    /// <param name="Feature">Column name, or the arm of a score.</param>
    public sealed record Moved(string Feature, string Label, double? Psi, bool Alarm, double MissingThen, double MissingNow)
    {
        public static Moved Of(Drifted drifted) => new(drifted.Name, drifted.Label, drifted.Psi, drifted.Alarm, drifted.MissingThen, drifted.MissingNow);
    }
}

/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">0..1.</param>
/// <param name="Arms">Metrics of every treated arm; <c>metrics</c> are those of the first.</param>
public sealed record TrainingRunShown(
    Guid Id, [property: AllowedValues("queued", "running", "succeeded", "failed", "cancelled")] string State,
    string? Stage, double Progress, Guid? ExperimentId, string? Outcome, string? Learner, int Seed, Guid? ModelId,
    ModelMetrics? Metrics, IReadOnlyList<ModelMetrics>? Arms,
    string? Error, DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt)
{
    public static TrainingRunShown Of(TrainingRunView view) => new(
        view.Run.Id, StateOf(view.Run.State), view.Run.Stage, view.Run.Progress, view.Request.ExperimentId, view.Request.Outcome, view.Request.Learner, view.Request.Seed,
        view.Result?.ModelId, view.Result?.Metrics, view.Result?.Arms, view.Run.Error, view.Run.CreatedAt, view.Run.StartedAt, view.Run.FinishedAt);

    private static string StateOf(JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Succeeded => "succeeded",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
        _ => throw new InvalidOperationException($"Unknown state {state}."),
    };
}
