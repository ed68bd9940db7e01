using System.Diagnostics.CodeAnalysis;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Customers;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace CampaignManager.Web.Customers;

/// <summary>The shop's customers under their ids or pseudonyms: who they are to the shop and what they did.</summary>
public static class CustomersApi
{
    public static void MapCustomersApi(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers").RequireScope(Scopes.Customers);
        customers.MapGet("/", ListAsync).WithSummary("List customers as of the last computation of features; q is how ids begin")
            .WithDescription(LeavingLists.Described).Produces<Paged<ListedCustomer>>().ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGroup("/customers.csv").WithTags("Customers").RequireScope(Scopes.Customers)
            .MapGet("", CsvAsync).WithSummary("All customers that fit, one a line, for mailing lists and spreadsheets")
            .WithDescription(LeavingLists.Described).Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status400BadRequest);
        customers.MapGet("/{id}", async (string id, CustomerProfiles profiles, CallerIds ids, HttpContext http, CancellationToken stop) =>
                (await profiles.FindAsync(await ids.OfAsync(id.Unescaped(), stop), http.ApiActor(), stop)).ToOk())
            .WithSummary("Read a customer's pseudonymous profile by any of their ids")
            .Produces<CustomerProfile>().ProducesProblem(StatusCodes.Status404NotFound);
        customers.MapGet("/{id}/timeline", TimelineAsync).WithSummary("What a customer did and what was done with them, the newest first")
            .Produces<Paged<TimelineResource>>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] ListQuery query, string? segment, string? lastOrder, string? channel, string? region, string? tier, [FromQuery] string? reason,
        CustomerList list, AuditLog audit, HttpContext http, CancellationToken stop)
    {
        if (!TryLast(lastOrder, out var last, out var wrong))
            return wrong.ToProblem();
        var filter = new CustomerFilter(segment, last, channel, region, tier);
        var listed = await list.ListAsync(query.ToRequest(), filter, http.ApiActor(), stop);
        return listed.Succeeded && await audit.RefusalAsync(AuditAction.CustomersListed, filter.Subject, http, stop) is { } unsaid
            ? unsaid.ToProblem()
            : listed.ToOk();
    }

    private static async Task<IResult> CsvAsync(
        string? segment, string? lastOrder, string? channel, string? region, string? tier, [FromQuery] string? reason,
        CustomerList list, AuditLog audit, HttpContext http, CancellationToken stop)
    {
        if (!TryLast(lastOrder, out var last, out var wrong))
            return wrong.ToProblem();
        var filter = new CustomerFilter(segment, last, channel, region, tier);
        return await audit.RefusalAsync(AuditAction.CustomersListed, filter.Subject, http, stop) is { } unsaid
            ? unsaid.ToProblem()
            : Results.Stream(stream => list.WriteCsvAsync(filter, stream, stop), "text/csv; charset=utf-8", "customers.csv");
    }

    private static bool TryLast(string? name, out LastOrder? last, [NotNullWhen(false)] out Failure? wrong)
    {
        var known = ClosedSets.TryRead<LastOrder>(name, out var read);
        last = known ? read : null;
        wrong = known || name is null ? null : Failure.Invalid("lastOrder", $"One of {string.Join(", ", ClosedSets.NamesOf(typeof(LastOrder))!)}.");
        return wrong is null;
    }

    private static async Task<IResult> TimelineAsync(
        string id, [FromQuery] string[]? kind, int? page, int? pageSize, CustomerProfiles profiles, CustomerTimeline timeline, CallerIds ids, HttpContext http,
        CancellationToken stop)
    {
        List<TimelineKind> kinds = [];
        foreach (var name in kind ?? [])
        {
            if (!ClosedSets.TryRead<TimelineKind>(name, out var read))
                return Failure.Invalid("kind", $"One of {string.Join(", ", ClosedSets.NamesOf(typeof(TimelineKind))!)}.").ToProblem();
            kinds.Add(read);
        }

        var found = await profiles.FindAsync(await ids.OfAsync(id.Unescaped(), stop), http.ApiActor(), stop);
        if (!found.Succeeded)
            return found.Failure.ToProblem();
        var entries = await timeline.ListAsync(found.Value.Id, kinds, new ListQuery(page, pageSize, null, null).ToRequest(), http.ApiActor(), stop);
        return entries.ToOk(e => new Paged<TimelineResource>([.. e.Items.Select(TimelineResource.Of)], e.Total));
    }
}
