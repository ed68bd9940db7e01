using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>A campaign that meets the one looked at in time, customers and goods.</summary>
/// <param name="When">When both run, UTC; an open end is null.</param>
/// <param name="SharedProducts">Products in both scopes.</param>
/// <param name="SharedRevenue">Their share of revenue, 0..1; null when not known.</param>
/// <param name="SharedCustomers">Customers in both audiences; null when not known.</param>
/// <param name="Clashes">What happens, the gravest first; empty when each does as it would alone.</param>
public sealed record CampaignOverlap(
    Guid Id, string Name, CampaignStatus Status, CampaignRules Rules, ScheduleInterval When, int SharedProducts, double? SharedRevenue, long? SharedCustomers, IReadOnlyList<Clash> Clashes)
{
    /// <summary>Whether the one looked at has goods beside those it shares.</summary>
    public bool HasOtherGoods { get; init; }
}

/// <summary>Campaigns that meet, the gravest clash first, and how many do not.</summary>
/// <param name="Drafts">Whether drafts were looked at, too.</param>
public sealed record OverlapReport(IReadOnlyList<CampaignOverlap> Meeting, int Apart, bool Drafts = false);

/// <summary>Which campaigns that run, will run or may soon run get in the way of a draft.</summary>
public sealed class CampaignOverlaps(IDbContextFactory<AppDbContext> contexts, CatalogueService catalogue, AudienceReach reach, SettingsService settings, TimeProvider time)
{
    private static readonly CampaignStatus[] Looked = [CampaignStatus.Live, CampaignStatus.Paused, CampaignStatus.Approved, CampaignStatus.InReview];

    /// <param name="id">The draft itself; null while it has no row.</param>
    /// <param name="rules">Valid rules to look at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="drafts">Whether drafts count, too: nobody knows whether they will ever run.</param>
    public async Task<OverlapReport> FindAsync(Guid? id, CampaignRules rules, CancellationToken cancellationToken, bool drafts = false)
    {
        var looked = drafts ? [.. Looked, CampaignStatus.Draft] : Looked;
        IReadOnlyList<HeldCampaign> others;
        Dictionary<Guid, string> codes;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            others = await CampaignBook.ReadAsync(context, context.Campaigns.Where(c => c.Id != id && looked.Contains(c.Status)), cancellationToken);
            codes = await IssuedAsync(context, id, rules, others, cancellationToken);
        }

        var goods = await catalogue.GetAsync(cancellationToken);
        var customers = await reach.CustomersAsync(cancellationToken);
        var resolution = (await settings.GetAsync(cancellationToken)).ConflictResolution;
        // A new draft has no id yet; the last of all ids loses ties, as the newest campaign will.
        var mine = new LiveCampaign((id ?? new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")).ToString(), rules);
        return await Task.Run(
            () =>
            {
                var meeting = others.Select(other => Look(mine, other, codes.GetValueOrDefault(other.Id), goods, customers, resolution)).OfType<CampaignOverlap>()
                    .OrderByDescending(o => o.Clashes.Count(c => c.IsSerious)).ThenByDescending(o => o.Clashes.Count).ThenBy(o => o.Name, StringComparer.Ordinal).ThenBy(o => o.Id).ToList();
                return new OverlapReport(meeting, others.Count - meeting.Count, drafts);
            },
            cancellationToken);
    }

    /// <summary>By campaign a code that was issued for it and sets off the draft, or the other way round.</summary>
    private static async Task<Dictionary<Guid, string>> IssuedAsync(
        AppDbContext context, Guid? id, CampaignRules rules, IReadOnlyList<HeldCampaign> others, CancellationToken cancellationToken)
    {
        Dictionary<Guid, string> found = [];
        var inUse = context.IssuedCodes.AsNoTracking().Where(c => c.RevokedAt == null && context.Set<CodeBatch>().Any(b => b.Id == c.BatchId && b.RevokedAt == null));
        if (rules.Trigger.Code is { } code && CouponCode.Normalise(code) is var own)
        {
            foreach (var campaign in await inUse.Where(c => c.Normalised == own).Select(c => c.CampaignId).ToListAsync(cancellationToken))
                found[campaign] = code.Trim();
        }

        List<string> theirs = [.. others.Select(o => o.Code).OfType<string>().Distinct()];
        if (id is null || theirs.Count == 0)
            return found;
        var issued = await inUse.Where(c => c.CampaignId == id && theirs.Contains(c.Normalised)).Select(c => new { c.Normalised, c.Code }).ToListAsync(cancellationToken);
        foreach (var one in issued)
        {
            foreach (var other in others.Where(o => o.Code == one.Normalised))
                found[other.Id] = one.Code;
        }

        return found;
    }

    private CampaignOverlap? Look(LiveCampaign mine, HeldCampaign other, string? issued, Catalogue goods, CustomerCells customers, ConflictResolution resolution)
    {
        var theirs = other.Rules;
        if (theirs.Currency != mine.Rules.Currency)
            return null;
        var when = Meeting.InTime(
            (ScheduleInterval.ToUtc(mine.Rules.Schedule), mine.Rules.Schedule), (other.Interval, theirs.Schedule), time.GetUtcNow().UtcDateTime);
        if (when is null || !Meeting.InCustomers(mine.Rules.Audience, theirs.Audience))
            return null;
        long? shared = customers.IsKnown ? customers.Shared(mine.Rules.Audience, theirs.Audience) : null;
        if (shared == 0)
            return null;
        var (products, revenue, others, item) = SharedGoods(mine.Rules.Scope, theirs.Scope, goods);
        var clashes = ClashFinder.Between(mine, other.Tried(), item, resolution, issued);
        return item is null && clashes.Count == 0 ? null : new CampaignOverlap(other.Id, other.Name, other.Status, theirs, when, products, revenue, shared, clashes)
        {
            HasOtherGoods = others,
        };
    }

    private static (int Products, double? Revenue, bool Others, CartLine? Item) SharedGoods(Scope mine, Scope theirs, Catalogue goods)
    {
        var (a, b) = (ScopeMatch.Of(mine.Include, mine.Exclude), ScopeMatch.Of(theirs.Include, theirs.Exclude));
        var own = goods.Products.Where(p => a.Covers(p.AsLine)).ToList();
        var both = own.Where(p => b.Covers(p.AsLine)).ToList();
        if (both.Count > 0)
            return (both.Count, both.Any(p => p.RevenueShare is not null) ? both.Sum(p => p.RevenueShare ?? 0) : null, own.Count > both.Count, both[0].AsLine);
        // Tags are not in the catalogue, and a shop may price over the API without one: then what the scopes name stands for goods.
        if (goods.Products.Count > 0 && (mine.Include?.Tags.Count ?? 0) + (theirs.Include?.Tags.Count ?? 0) == 0)
            return (0, 0, false, null);
        var item = Imagined(mine.Include).SelectMany(one => Imagined(theirs.Include).Select(two => Merge(one, two))).FirstOrDefault(line => a.Covers(line) && b.Covers(line));
        return (0, null, false, item);
    }

    private static IEnumerable<CartLine> Imagined(ScopeSelector? include) => include is null || include.All || include.IsEmpty
        ? [Line()]
        : include.Categories.Select(c => Line() with { Categories = [c] }).Concat(include.Brands.Select(b => Line() with { Brand = b }))
            .Concat(include.Skus.Select(s => Line() with { Sku = s })).Concat(include.Tags.Select(t => Line() with { Tags = [t] }));

    private static CartLine Line() => new() { Id = "1", Sku = "" };

    // One item may be of one brand and one SKU only; the first named counts, and the scopes say whether that suits both.
    private static CartLine Merge(CartLine one, CartLine two) => one with
    {
        Sku = one.Sku.Length > 0 ? one.Sku : two.Sku,
        Brand = one.Brand ?? two.Brand,
        Categories = one.Categories.Count > 0 ? one.Categories : two.Categories,
        Tags = [.. one.Tags.Concat(two.Tags).Distinct(StringComparer.Ordinal)],
    };
}
