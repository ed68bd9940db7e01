using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Engine.Money;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Data;

/// <summary>An export that is complete for its time: what it lacks is listed, and goes only when the call says how many.</summary>
public static class CompleteExportsApi
{
    public static void MapCompleteExportsApi(this IEndpointRouteBuilder api)
    {
        var missing = api.MapGroup("/imports/{id:guid}/missing").WithTags("Data").RequireScope(Scopes.Data);
        missing.MapGet("/", async (Guid id, CompleteExports exports, HttpContext http, CancellationToken cancellationToken) =>
                (await exports.MissingAsync(http.ApiActor(), id, cancellationToken)).ToOk(MissingShown.Of))
            .WithName("missingInImport").WithSummary("Orders of the same source and time that this import of orders does not name; changes nothing")
            .Produces<MissingShown>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        missing.MapPost("/remove", async (Guid id, RemoveMissing body, CompleteExports exports, HttpContext http, CancellationToken cancellationToken) =>
            {
                var removing = await exports.RemoveAsync(http.ApiActor(), id, body.Count, cancellationToken);
                return removing.Succeeded
                    ? TypedResults.Accepted($"{Api.Prefix}/imports/{removing.Value}", new ImportsApi.Started(removing.Value)) : removing.Failure.ToProblem();
            })
            .WithName("removeMissing").WithSummary("Say that the import is complete: what it lacks goes, by a job that is an import of its own and can be undone")
            .Produces<ImportsApi.Started>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <param name="Count">How many the list showed: when others are missing by now, nothing goes.</param>
    public sealed record RemoveMissing(long Count);

    /// <param name="From">The export's first order.</param>
    /// <param name="To">Its last.</param>
    /// <param name="Count">Of all; <paramref name="First"/> are the oldest of them.</param>
    public sealed record MissingShown(string Source, DateTime From, DateTime To, long Count, IReadOnlyList<MissingOrderShown> First)
    {
        public static MissingShown Of(MissingInExport missing) => new(missing.Source, missing.From, missing.To, missing.Count, [.. missing.First.Select(
            o => new MissingOrderShown(o.OrderId, o.At, o.Currency, Major(o.TotalMinor, o.Currency)))]);

        private static decimal? Major(long? minor, string currency) => minor is { } total && Currency.TryGet(currency, out var known) ? known.ToMajor(total) : null;
    }

    /// <param name="Total">In major units; null where the source says none.</param>
    public sealed record MissingOrderShown(string OrderId, DateTime At, string Currency, decimal? Total);
}
