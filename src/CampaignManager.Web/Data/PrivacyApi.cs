using System.ComponentModel.DataAnnotations;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Erasure;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Data;

/// <summary>People's requests over HTTP.</summary>
public static class PrivacyApi
{
    private const string Erasure = "erasure";

    public static void MapPrivacyApi(this IEndpointRouteBuilder api)
    {
        var requests = api.MapGroup("/privacy/requests").WithTags("Privacy").RequireScope(Scopes.Everything);
        requests.MapPost("/", async (PrivacyRequest body, ErasureService service, HttpContext http, CancellationToken stop) =>
            {
                if (body.Kind != Erasure)
                    return Failure.Invalid("kind", "The kind must be erasure.").ToProblem();
                var started = await service.StartAsync(http.ApiActor(), body.CustomerId, stop);
                return started.Succeeded
                    ? TypedResults.Accepted($"{Api.Prefix}/privacy/requests/{started.Value}", new PrivacyRequestMade(started.Value)) : started.Failure.ToProblem();
            })
            .WithName("requestPrivacy")
            .WithSummary("Erase a person from behaviour data: tables, what was computed from them, uploads and rejects; rows of before are refused from now on")
            .Produces<PrivacyRequestMade>(StatusCodes.Status202Accepted);
        requests.MapGet("/{id:guid}", async (Guid id, ErasureService service, HttpContext http, CancellationToken stop) =>
            (await service.FindAsync(http.ApiActor(), id, stop)).ToOk(PrivacyRequestShown.Of))
            .WithSummary("How far a request is; whose it was is kept nowhere").Produces<PrivacyRequestShown>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="Kind">What is asked for.</param>
    /// <param name="CustomerId">Any id of theirs: the shop's, an e-mail address, a phone number, a pseudonym.</param>
    public sealed record PrivacyRequest([property: AllowedValues(Erasure)] string? Kind, string? CustomerId);

    public sealed record PrivacyRequestMade(Guid Id);

    /// <param name="Progress">0..1.</param>
    /// <param name="Rows">Rows that went from the tables.</param>
    /// <param name="Files">Computed files that were written again without them.</param>
    /// <param name="Uploads">Imports whose uploaded files held the person, and were removed.</param>
    /// <param name="Rejects">Rows that went from files of rejects.</param>
    public sealed record PrivacyRequestShown(
        Guid Id, [property: AllowedValues("queued", "running", "succeeded", "failed", "cancelled")] string State, double Progress, long? Rows, int? Files, int? Uploads, long? Rejects,
        DateTime RequestedAt, DateTime? FinishedAt)
    {
        internal static PrivacyRequestShown Of(ErasureView view) => new(
            view.Id, view.State.ToString().ToLowerInvariant(), view.Progress, view.Erased?.Rows, view.Erased?.Files, view.Erased?.Uploads, view.Erased?.Rejects, view.RequestedAt,
            view.FinishedAt);
    }
}
