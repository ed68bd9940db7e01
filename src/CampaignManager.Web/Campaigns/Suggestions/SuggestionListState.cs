using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Web.Campaigns.Suggestions;

/// <summary>What the page shows, as its address says it: so a link can be shared and Back works.</summary>
public sealed record SuggestionListState(
    int Page, string? Sort, string? Search, MoveKind? Kind, CampaignStatus? Status, bool Mine, bool Decided, Guid? Campaign)
{
    public const int PageSize = 12;

    /// <summary>States of campaigns that suggestions are made for.</summary>
    public static readonly IReadOnlyList<CampaignStatus> Statuses = [CampaignStatus.Draft, CampaignStatus.Live];

    public bool IsNarrowed => !string.IsNullOrEmpty(Search) || Kind is not null || Status is not null || Mine || Campaign is not null;

    public static SuggestionListState Of(
        int? page, string? sort, string? q, string? kind, string? status, bool? mine, bool? decided, Guid? campaign) => new(
        Math.Max(1, page ?? 1),
        AllSuggestions.SortKeys.Contains(sort?.TrimStart('-')) ? sort : null,
        q,
        Enum.TryParse<MoveKind>(kind, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
        Enum.TryParse<CampaignStatus>(status, ignoreCase: true, out var state) && Statuses.Contains(state) ? state : null,
        mine ?? false,
        decided ?? false,
        campaign);

    /// <summary>The address's parameters; what is at its default is left out.</summary>
    public Dictionary<string, object?> Parameters => new()
    {
        ["page"] = Page > 1 ? Page : null,
        ["sort"] = Sort,
        ["q"] = string.IsNullOrEmpty(Search) ? null : Search,
        ["kind"] = Kind?.ToString(),
        ["status"] = Status?.ToString().ToLowerInvariant(),
        ["mine"] = Mine ? true : null,
        ["decided"] = Decided ? true : null,
        ["campaign"] = Campaign,
    };

    public PageRequest Request => new(Page, PageSize, Sort, Search);

    public SuggestionFilter Filter(Actor actor) =>
        new(Decided) { Kind = Kind, Status = Status, OwnerId = Mine ? actor.Id : null, CampaignId = Campaign };
}
