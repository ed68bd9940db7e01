using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Audiences;

/// <summary>The segments that campaigns may name.</summary>
public static class AudiencesApi
{
    public static void MapAudiencesApi(this IEndpointRouteBuilder api) =>
        api.MapGroup("/audiences").WithTags("Audiences").RequireScope(Scopes.Campaigns)
            .MapGet("/", ListAsync).WithSummary("List segments with their sizes").Produces<Paged<SegmentResource>>();

    // A shop has a handful of segments, computed as a whole: the page is cut from them here.
    private static async Task<Paged<SegmentResource>> ListAsync([AsParameters] ListQuery query, SegmentList segments, CancellationToken stop)
    {
        var page = query.ToRequest();
        var text = query.Q?.Trim() ?? "";
        var all = (await segments.ListAsync(stop))
            .Where(s => s.Key.Contains(text, StringComparison.OrdinalIgnoreCase) || s.NameEn.Contains(text, StringComparison.OrdinalIgnoreCase) || s.NameZh.Contains(text, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return new Paged<SegmentResource>([.. all.Skip(page.Skip).Take(page.Take).Select(s => new SegmentResource(s.Key, s.Kind, new Names(s.NameEn, s.NameZh), s.Size, s.ComputedAt, s.ScoredBy))], all.Count);
    }

    public sealed record Names(string En, string Zh);

    /// <param name="ScoredBy">The version whose scores a segment of kind <c>uplift</c> is from, and whether it still is the one in use.</param>
    public sealed record SegmentResource(string Key, SegmentKind Kind, Names Name, long Size, DateTime ComputedAt, SegmentScores? ScoredBy);
}
