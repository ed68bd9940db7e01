using System.Linq.Expressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>What a list of campaigns is narrowed to; empty fields do not narrow.</summary>
public sealed record CampaignFilter
{
    public IReadOnlyList<CampaignStatus> Statuses { get; init; } = [];

    public string? OfferType { get; init; }

    public string? OwnerId { get; init; }

    /// <summary>Key of a segment that the audience names.</summary>
    public string? Segment { get; init; }

    public string? Tag { get; init; }

    /// <summary>Only what waits for this person: reviews and changes to decide, and own drafts that came back.</summary>
    public Actor? WaitsFor { get; init; }
}

/// <summary>A row of the list.</summary>
public sealed record CampaignRow(
    Guid Id, string Name, string? Note, IReadOnlyList<string> Tags, CampaignStatus Status, int Version, CampaignRules Rules, long? BudgetMinor, long DiscountSpentMinor,
    DateTime? StartsAt, DateTime? EndsAt, string OwnerName, CampaignStake Stake, bool ChangePending, bool CameBack, DateTime CreatedAt, DateTime UpdatedAt,
    CampaignOrigin Origin = CampaignOrigin.App);

/// <summary>A person who owns at least one campaign.</summary>
public sealed record CampaignOwner(string Id, string Name);

/// <summary>Campaigns page by page, filtered and sorted by the database.</summary>
public sealed class CampaignList(IDbContextFactory<AppDbContext> contexts)
{
    public static readonly IReadOnlyList<string> SortKeys = ["name", "status", "owner", "start", "end", "budget", "created", "updated"];

    /// <summary>One page. The search looks in name, tags and owner; an unknown sort key falls back to the newest change first.</summary>
    public async Task<Paged<CampaignRow>> ListAsync(CampaignFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var campaigns = Narrow(context, filter, page.Query?.Trim());
        var rows = await Sort(campaigns, page).ThenBy(c => c.Id).Skip(page.Skip).Take(page.Take)
            .Select(c => new
            {
                c.Id,
                c.Name,
                c.Note,
                c.Tags,
                c.Status,
                c.Version,
                c.RulesJson,
                c.BudgetMinor,
                c.DiscountSpentMinor,
                c.StartsAt,
                c.EndsAt,
                c.OwnerId,
                c.OwnerName,
                c.SubmittedById,
                c.LastEditedById,
                c.CreatedAt,
                c.UpdatedAt,
                c.Origin,
                CameBack = c.RejectionComment != null,
                ChangePending = context.Set<CampaignChange>().Any(p => p.CampaignId == c.Id && p.State == CampaignChangeState.Pending),
            })
            .ToListAsync(cancellationToken);
        var items = rows.Select(c => new CampaignRow(
            c.Id, c.Name, c.Note, CampaignView.TagsOf(c.Tags), c.Status, c.Version, RulesJson.Read(c.RulesJson), c.BudgetMinor, c.DiscountSpentMinor, c.StartsAt, c.EndsAt,
            c.OwnerName, new CampaignStake(c.OwnerId, c.SubmittedById, c.LastEditedById), c.ChangePending, c.CameBack, c.CreatedAt, c.UpdatedAt, c.Origin));
        return new Paged<CampaignRow>([.. items], await campaigns.CountAsync(cancellationToken));
    }

    public async Task<IReadOnlyList<CampaignOwner>> OwnersAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Campaigns.AsNoTracking().GroupBy(c => c.OwnerId).Select(g => new { g.Key, Name = g.Max(c => c.OwnerName)! })
            .OrderBy(o => o.Name).ThenBy(o => o.Key).Select(o => new CampaignOwner(o.Key, o.Name))
            .Take(PageRequest.MaxPageSize).ToListAsync(cancellationToken);
    }

    private static IQueryable<Campaign> Narrow(AppDbContext context, CampaignFilter filter, string? text)
    {
        var campaigns = context.Campaigns.AsNoTracking();
        if (filter.Statuses.Count > 0)
            campaigns = campaigns.Where(c => filter.Statuses.Contains(c.Status));
        if (filter.OfferType is { } type)
            campaigns = campaigns.Where(c => c.OfferType == type);
        if (filter.OwnerId is { } owner)
            campaigns = campaigns.Where(c => c.OwnerId == owner);
        if (filter.Segment is { } segment)
            campaigns = campaigns.Where(c => c.SegmentKeys.Contains(" " + segment + " "));
        if (filter.Tag is { } tag)
            campaigns = campaigns.Where(c => (" " + c.Tags + " ").Contains(" " + tag + " "));
        if (!string.IsNullOrEmpty(text))
        {
            var pattern = Like.Contains(text);
            campaigns = campaigns.Where(c => EF.Functions.Like(c.Name, pattern, Like.Escape) || EF.Functions.Like(c.Tags, pattern, Like.Escape)
                || EF.Functions.Like(c.OwnerName, pattern, Like.Escape));
        }

        return filter.WaitsFor is { } actor ? Waiting(context, campaigns, actor) : campaigns;
    }

    // The same judgement as CampaignLifecycle's, in SQL: a test holds the two together.
    private static IQueryable<Campaign> Waiting(AppDbContext context, IQueryable<Campaign> campaigns, Actor actor)
    {
        var (me, decides) = (actor.Id, actor.IsAny(Roles.Manager, Roles.Admin));
        return campaigns.Where(c =>
            (c.Status == CampaignStatus.Draft && c.OwnerId == me && c.RejectionComment != null)
            || (decides && c.OwnerId != me && c.SubmittedById != me && c.LastEditedById != me
                && (c.Status == CampaignStatus.InReview
                    || context.Set<CampaignChange>().Any(p => p.CampaignId == c.Id && p.State == CampaignChangeState.Pending && p.RequestedById != me))));
    }

    // Lower() is SQL's here: no culture can be named.
#pragma warning disable CA1304, CA1311
    private static IOrderedQueryable<Campaign> Sort(IQueryable<Campaign> campaigns, PageRequest page) => (page.SortKey, page.Descending) switch
    {
        ("name", false) => campaigns.OrderBy(c => c.Name.ToLower()),
        ("name", true) => campaigns.OrderByDescending(c => c.Name.ToLower()),
        ("status", false) => campaigns.OrderBy(Stage),
        ("status", true) => campaigns.OrderByDescending(Stage),
        ("owner", false) => campaigns.OrderBy(c => c.OwnerName.ToLower()),
        ("owner", true) => campaigns.OrderByDescending(c => c.OwnerName.ToLower()),
        ("start", false) => campaigns.OrderBy(c => c.StartsAt == null).ThenBy(c => c.StartsAt),
        ("start", true) => campaigns.OrderBy(c => c.StartsAt == null).ThenByDescending(c => c.StartsAt),
        ("end", false) => campaigns.OrderBy(c => c.EndsAt == null).ThenBy(c => c.EndsAt),
        ("end", true) => campaigns.OrderBy(c => c.EndsAt == null).ThenByDescending(c => c.EndsAt),
        ("budget", false) => campaigns.OrderBy(c => c.BudgetMinor == null).ThenBy(c => c.BudgetMinor),
        ("budget", true) => campaigns.OrderBy(c => c.BudgetMinor == null).ThenByDescending(c => c.BudgetMinor),
        ("created", false) => campaigns.OrderBy(c => c.CreatedAt),
        ("created", true) => campaigns.OrderByDescending(c => c.CreatedAt),
        ("updated", false) => campaigns.OrderBy(c => c.UpdatedAt),
        _ => campaigns.OrderByDescending(c => c.UpdatedAt),
    };
#pragma warning restore CA1304, CA1311

    // States are stored by name; people want them in the order of a campaign's life.
    private static readonly Expression<Func<Campaign, int>> Stage = c =>
        c.Status == CampaignStatus.Draft ? 0 : c.Status == CampaignStatus.InReview ? 1 : c.Status == CampaignStatus.Approved ? 2
        : c.Status == CampaignStatus.Live ? 3 : c.Status == CampaignStatus.Paused ? 4 : c.Status == CampaignStatus.Ended ? 5 : 6;
}
