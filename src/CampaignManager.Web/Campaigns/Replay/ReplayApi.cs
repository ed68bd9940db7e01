using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Offers.Replay;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Campaigns.Replay;

/// <summary>The last days' orders priced with a campaign, over HTTP.</summary>
public static class ReplayApi
{
    public static void MapReplayApi(this IEndpointRouteBuilder api)
    {
        var replay = api.MapGroup("/campaigns/{id:guid}/replay").WithTags("Campaigns").RequireScope(Scopes.Campaigns);
        replay.MapPost("/", async (Guid id, ReplayInput input, ReplayService service, HttpContext http, CancellationToken stop) =>
                (await service.StartAsync(id, input.Days ?? ReplayInput.UsualDays, http.ApiActor(), stop)).ToAccepted(run => $"{Api.Prefix}/campaigns/{id}/replay/{run}", run => new ReplayStarted(run)))
            .WithSummary("Price the orders of the last days with this campaign, as a job").Produces<ReplayStarted>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound);
        replay.MapGet("/", NewestAsync).WithName("getNewestCampaignReplay")
            .WithSummary("What is kept for so many days, and whether the rules have changed since")
            .Produces<ReplayResource>().ProducesProblem(StatusCodes.Status404NotFound);
        replay.MapGet("/{run:guid}", FindAsync).WithSummary("Where a replay is, and when it is done its result").Produces<ReplayResource>().ProducesProblem(StatusCodes.Status404NotFound);
        replay.MapPost("/{run:guid}/cancel", async (Guid id, Guid run, ReplayService service, HttpContext http, CancellationToken stop) =>
                (await service.CancelAsync(id, run, http.ApiActor(), stop)).ToNoContent())
            .WithSummary("Stop a queued or running replay").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> NewestAsync(Guid id, int? days, ReplayService service, CancellationToken stop)
    {
        var found = await service.ShownAsync(id, days ?? ReplayInput.UsualDays, stop);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        return found.Value is { } shown
            ? TypedResults.Ok(new ReplayResource(shown.RunId, "succeeded", null, 1, shown.Result.Days, shown.Version, shown.Stale, null, ReplayShape.Of(shown.Result)))
            : Failure.NotFound("A replay of so many days").ToProblem();
    }

    private static async Task<IResult> FindAsync(Guid id, Guid run, ReplayService service, CancellationToken stop)
    {
        var found = await service.FindAsync(id, run, stop);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        var (job, asked) = found.Value;
        var kept = await service.ResultAsync(id, run, stop);
        return TypedResults.Ok(new ReplayResource(
            run, JsonNamingPolicy.CamelCase.ConvertName(job.State.ToString()), job.Stage, job.Progress, asked.Days, asked.Version, kept?.Stale, job.Error, kept is null ? null : ReplayShape.Of(kept.Result)));
    }
}

/// <param name="Days">1 to 730; 30 when not said.</param>
public sealed record ReplayInput(int? Days = null)
{
    public const int UsualDays = 30;
}

/// <summary>The run.</summary>
public sealed record ReplayStarted(Guid Id);

/// <param name="State"><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">0..1.</param>
/// <param name="Version">The campaign's version that is replayed.</param>
/// <param name="Stale">The campaign's rules have been changed since; null without a result.</param>
/// <param name="Result">Null until it is done, and when a later run of the same version and days took its place.</param>
public sealed record ReplayResource(
    Guid Id, [property: AllowedValues("queued", "running", "succeeded", "failed", "cancelled")] string State,
    string? Stage, double Progress, int Days, int Version, bool? Stale, string? Error, ReplayShape? Result);
