using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Web.Access;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;
using Microsoft.AspNetCore.Mvc;

namespace CampaignManager.Web.Audiences;

/// <summary>The segments that campaigns may name, and who is in them.</summary>
public static class AudiencesApi
{
    public static void MapAudiencesApi(this IEndpointRouteBuilder api)
    {
        var audiences = api.MapGroup("/audiences").WithTags("Audiences").RequireScope(Scopes.Campaigns);
        audiences.MapGet("/", ListAsync).WithSummary("List segments and saved audiences with their sizes").Produces<Paged<SegmentResource>>();
        audiences.MapOwnAudiencesApi();
        audiences.MapGet("/{key}/members", SampleAsync).RequireScope(Scopes.Customers).WithSummary("Some of a segment's customers, picked by hash: the same every time")
            .WithDescription(LeavingLists.Described)
            .Produces<Paged<SampledMember>>().ProducesProblem(StatusCodes.Status404NotFound);
        // A checkout asks with the key it prices carts with: this is what the cart's customer.segments wants.
        api.MapGroup("/customers").WithTags("Audiences").RequireScope(Scopes.Offers, instead: Scopes.Customers)
            .MapGet("/{id}/segments", async (string id, SegmentMembers members, CallerIds ids, CancellationToken stop) =>
                (await members.OfAsync(await ids.OfAsync(id.Unescaped(), stop), stop)).ToOk())
            .WithSummary("The segments a customer is in, as carts and audiences name them")
            .WithDescription("Segments by uplift lie within one another: who is in `uplift:top10` is in `uplift:top30` and `uplift:top50` too.")
            .Produces<SegmentsOfCustomer>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGroup("/segments").WithTags("Audiences").RequireScope(Scopes.Campaigns).RequireScope(Scopes.Customers)
            .MapGet("/{name}/customers.csv", MembersAsync).WithSummary("The ids of a segment's customers, one a line, for mailing lists")
            .WithDescription(LeavingLists.Described)
            .Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
    }

    // A shop has a handful of segments, computed as a whole: the page is cut from them here.
    private static async Task<Paged<SegmentResource>> ListAsync([AsParameters] ListQuery query, SegmentList segments, ShopNames names, CancellationToken stop)
    {
        var page = query.ToRequest();
        var text = query.Q?.Trim() ?? "";
        var all = (await segments.ListAsync(stop))
            .Where(s => s.Key.Contains(text, StringComparison.OrdinalIgnoreCase) || s.NameEn.Contains(text, StringComparison.OrdinalIgnoreCase) || s.NameZh.Contains(text, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return new Paged<SegmentResource>([.. all.Skip(page.Skip).Take(page.Take).Select(s => new SegmentResource(s.Key, s.Kind, new Names(s.NameEn, s.NameZh), s.Size, s.ComputedAt, s.ScoredBy, names.Meaning(s.Key)))], all.Count);
    }

    private static async Task<IResult> MembersAsync(
        string name, [FromQuery] string? reason, SegmentMembers members, AuditLog audit, HttpContext http, CancellationToken stop)
    {
        var segment = name.Unescaped();
        return await members.RefusalAsync(segment, stop) is { } refusal
            ? refusal.ToProblem()
            : await audit.RefusalAsync(AuditAction.SegmentListed, segment, http, stop) is { } unsaid
            ? unsaid.ToProblem()
            : Results.Stream(stream => members.WriteCsvAsync(segment, stream, stop), "text/csv; charset=utf-8", $"segment-{segment.Replace(':', '-').Replace('/', '-')}.csv");
    }

    private static async Task<IResult> SampleAsync(
        string key, int? n, [FromQuery] string? reason, SegmentMembers members, AuditLog audit, HttpContext http, CancellationToken stop)
    {
        var segment = key.Unescaped();
        if (n is < 1 or > SegmentMembers.MostSampled)
            return Failure.Invalid("n", $"A number from 1 to {SegmentMembers.MostSampled}.").ToProblem();
        if (await members.RefusalAsync(segment, stop) is { } refusal)
            return refusal.ToProblem();
        if (await audit.RefusalAsync(AuditAction.SegmentListed, segment, http, stop) is { } unsaid)
            return unsaid.ToProblem();
        var sample = await members.SampleAsync(segment, n ?? 20, stop);
        return TypedResults.Ok(new Paged<SampledMember>(sample, sample.Count));
    }

    public sealed record Names(string En, string Zh);

    /// <param name="ScoredBy">The version whose scores a segment of kind <c>uplift</c> is from, and whether it still is the one in use.</param>
    /// <param name="Means">Who is in it, in the caller's language.</param>
    public sealed record SegmentResource(string Key, SegmentKind Kind, Names Name, long Size, DateTime ComputedAt, SegmentScores? ScoredBy, string Means);
}
