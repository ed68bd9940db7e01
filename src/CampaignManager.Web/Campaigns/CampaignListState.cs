using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;

namespace CampaignManager.Web.Campaigns;

/// <summary>What the list shows, as its address says it: so a link can be shared and Back works.</summary>
public sealed record CampaignListState(
    int Page, int PageSize, string? Sort, string? Search, IReadOnlyList<CampaignStatus> Statuses, string? Type, string? Owner, string? Segment, bool WaitsForMe)
{
    public const int DefaultPageSize = 20;

    public static readonly IReadOnlyList<string> OfferTypes = ["fullReduction", "percentOff", "freeShipping"];

    public bool IsNarrowed => !string.IsNullOrEmpty(Search) || Statuses.Count > 0 || Type is not null || Owner is not null || Segment is not null || WaitsForMe;

    public static CampaignListState Of(int? page, int? size, string? sort, string? q, string? status, string? type, string? owner, string? segment, bool? waits) => new(
        Math.Max(1, page ?? 1),
        Math.Clamp(size ?? DefaultPageSize, 1, PageRequest.MaxPageSize),
        sort,
        q,
        [.. (status ?? "").Split(',').Select(s => Enum.TryParse<CampaignStatus>(s, ignoreCase: true, out var known) ? (CampaignStatus?)known : null).OfType<CampaignStatus>()],
        type,
        owner,
        segment,
        waits ?? false);

    /// <summary>The address's parameters; what is at its default is left out.</summary>
    public Dictionary<string, object?> Parameters => new()
    {
        ["page"] = Page > 1 ? Page : null,
        ["size"] = PageSize == DefaultPageSize ? null : PageSize,
        ["sort"] = Sort,
        ["q"] = string.IsNullOrEmpty(Search) ? null : Search,
        ["status"] = Statuses.Count == 0 ? null : string.Join(',', Statuses).ToLowerInvariant(),
        ["type"] = Type,
        ["owner"] = Owner,
        ["segment"] = Segment,
        ["waits"] = WaitsForMe ? true : null,
    };

    public PageRequest Request => new(Page, PageSize, Sort, Search);

    public CampaignFilter Filter(Actor actor) => new()
    {
        Statuses = Statuses,
        OfferType = Type,
        OwnerId = Owner,
        Segment = Segment,
        WaitsFor = WaitsForMe ? actor : null,
    };
}
