using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Planning;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Planning;

/// <summary>What a list of suggestions is narrowed to; empty fields do not narrow.</summary>
/// <param name="Decided">Those that somebody decided on, instead of those that wait.</param>
public sealed record SuggestionFilter(bool Decided = false)
{
    public MoveKind? Kind { get; init; }

    /// <summary>Draft or live.</summary>
    public CampaignStatus? Status { get; init; }

    public string? OwnerId { get; init; }

    public Guid? CampaignId { get; init; }
}

/// <summary>A suggestion with its campaign as that is now.</summary>
public sealed record SuggestionRow(
    SuggestionView Suggestion, Guid CampaignId, string CampaignName, CampaignStatus Status, int Version, CampaignStake Stake,
        DateTime CreatedAt, DateTime? DecidedAt)
{
    /// <summary>Nothing was changed since it was applied, so it can be taken back.</summary>
    public bool CanUndo => Suggestion.State == SuggestionState.Applied && Suggestion.AppliedVersion == Version;
}

/// <summary>How many wait, how many are decided, and when all campaigns were last searched.</summary>
public sealed record SuggestionCounts(int Open, int Decided, DateTime? SearchedAt);

/// <summary>Suggestions over all campaigns, page by page, filtered and sorted by the database.</summary>
public sealed class AllSuggestions(IDbContextFactory<AppDbContext> contexts)
{
    public static readonly IReadOnlyList<string> SortKeys = ["gain", "probability", "customers", "campaign", "decided"];

    /// <summary>One page. The search looks in the campaign's name; without a sort key the largest gain comes first, of decided ones the
    /// newest.</summary>
    public async Task<Paged<SuggestionRow>> ListAsync(SuggestionFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = Narrow(filter.Decided ? Decided(context) : context.OpenSuggestions, filter, page.Query?.Trim());
        var rows = await Sort(found, filter.Decided, page).ThenBy(x => x.Suggestion.Id).Skip(page.Skip).Take(page.Take)
            .Select(x => new
            {
                x.Suggestion,
                x.Campaign.Name,
                x.Campaign.Status,
                x.Campaign.Version,
                x.Campaign.OwnerId,
                x.Campaign.SubmittedById,
                x.Campaign.LastEditedById
            })
            .ToListAsync(cancellationToken);
        var items = rows.Select(r => new SuggestionRow(
            SuggestionView.Of(r.Suggestion), r.Suggestion.CampaignId, r.Name, r.Status, r.Version,
                new CampaignStake(r.OwnerId, r.SubmittedById, r.LastEditedById),
            r.Suggestion.CreatedAt, r.Suggestion.DecidedAt));
        return new Paged<SuggestionRow>([.. items], await found.CountAsync(cancellationToken));
    }

    public async Task<SuggestionCounts> CountsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return new SuggestionCounts(
            await context.OpenSuggestions.CountAsync(cancellationToken),
            await Decided(context).CountAsync(cancellationToken),
            await context.SearchedCampaigns.MaxAsync(s => (DateTime?)s.At, cancellationToken));
    }

    private static IQueryable<SuggestionOfCampaign> Decided(AppDbContext context) =>
        context.SuggestionsOfCampaigns.Where(x => x.Suggestion.State != SuggestionState.Open);

    private static IQueryable<SuggestionOfCampaign> Narrow(IQueryable<SuggestionOfCampaign> found, SuggestionFilter filter, string? text)
    {
        if (filter.Kind is { } kind)
            found = found.Where(x => x.Suggestion.Kind == kind);
        if (filter.Status is { } status)
            found = found.Where(x => x.Campaign.Status == status);
        if (filter.OwnerId is { } owner)
            found = found.Where(x => x.Campaign.OwnerId == owner);
        if (filter.CampaignId is { } campaign)
            found = found.Where(x => x.Campaign.Id == campaign);
        if (string.IsNullOrEmpty(text))
            return found;
        var pattern = Like.Contains(text);
        return found.Where(x => EF.Functions.Like(x.Campaign.Name, pattern, Like.Escape));
    }

    // Lower() is SQL's here: no culture can be named.
#pragma warning disable CA1304, CA1311
    private static IOrderedQueryable<SuggestionOfCampaign> Sort(IQueryable<SuggestionOfCampaign> found, bool decided, PageRequest page) =>
        (page.SortKey, page.Descending) switch
        {
            ("gain", false) => found.OrderBy(x => x.Suggestion.Delta),
            ("probability", false) => found.OrderBy(x => x.Suggestion.ProbabilityPositive),
            ("probability", true) => found.OrderByDescending(x => x.Suggestion.ProbabilityPositive),
            ("customers", false) => found.OrderBy(x => x.Suggestion.Customers),
            ("customers", true) => found.OrderByDescending(x => x.Suggestion.Customers),
            ("campaign", false) => found.OrderBy(x => x.Campaign.Name.ToLower()),
            ("campaign", true) => found.OrderByDescending(x => x.Campaign.Name.ToLower()),
            ("decided", false) => found.OrderBy(x => x.Suggestion.DecidedAt),
            ("decided", true) => found.OrderByDescending(x => x.Suggestion.DecidedAt),
            ("gain", true) => found.OrderByDescending(x => x.Suggestion.Delta),
            _ => decided ? found.OrderByDescending(x => x.Suggestion.DecidedAt) : found.OrderByDescending(x => x.Suggestion.Delta),
        };
#pragma warning restore CA1304, CA1311
}
