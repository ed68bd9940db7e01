using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>What a draft is looked at for before it is submitted, by the API and on the page alike.</summary>
public sealed class CampaignChecks(IDbContextFactory<AppDbContext> contexts, CatalogueService catalogue, SegmentList segments, TimeProvider time)
{
    /// <summary>Why the campaign could never grant anything; empty when it could.</summary>
    public async Task<IReadOnlyList<RuleError>> RefusalsAsync(CampaignRules rules, CancellationToken cancellationToken) =>
        Refusals(rules, await catalogue.GetAsync(cancellationToken), time.GetUtcNow().UtcDateTime);

    /// <summary>The same with the shop's goods at hand: the checklist says it before anybody submits.</summary>
    public static IReadOnlyList<RuleError> Refusals(CampaignRules rules, Catalogue goods, DateTime now) =>
        NeverGrants.Check(rules, goods.Products.Count == 0 ? null : [.. goods.Products.Select(p => p.AsLine)], now);

    /// <summary>What may be meant, and is worth a look: a code that another campaign takes too, a segment that the shop does not know.</summary>
    public async Task<IReadOnlyList<RuleError>> WarningsAsync(Guid id, CampaignRules rules, CancellationToken cancellationToken)
    {
        List<RuleError> warnings = [];
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var others = await SharingAsync(context, id, rules, cancellationToken);
            if (others.Count > 0)
            {
                var names = string.Join(", ", others.Select(n => $"'{n}'"));
                warnings.Add(new RuleError("trigger.code", "code-shared", $"Another campaign takes the same code: {names}. A cart that carries it may get both.", [names]));
            }
        }

        // A shop without customers may still name segments that its carts carry.
        var known = (await segments.ListAsync(cancellationToken)).Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (list, keys) in new[] { ("anyOf", rules.Audience.AnyOf), ("noneOf", rules.Audience.NoneOf) })
        {
            foreach (var (i, key) in keys.Index().Where(k => !known.Contains(k.Item)))
                warnings.Add(new RuleError(FormattableString.Invariant($"audience.{list}[{i}]"), "segment-unknown", $"The shop does not know the segment '{key}': only carts that carry it are meant.", [key]));
        }

        return warnings;
    }

    /// <summary>Names of other campaigns that are not over and take one of its codes.</summary>
    private static async Task<IReadOnlyList<string>> SharingAsync(AppDbContext context, Guid id, CampaignRules rules, CancellationToken cancellationToken)
    {
        CampaignStatus[] over = [CampaignStatus.Ended, CampaignStatus.Archived, CampaignStatus.Draft];
        var others = await CampaignBook.ReadAsync(context, context.Campaigns.Where(c => c.Id != id && !over.Contains(c.Status)), cancellationToken);
        var own = rules.Trigger.Code is { } code ? CouponCode.Normalise(code) : null;
        var inUse = context.IssuedCodes.AsNoTracking().Where(c => c.RevokedAt == null);
        List<string> theirs = [.. others.Select(o => o.Code).OfType<string>().Distinct()];
        // Issued codes of either beside generic ones of the other, and issued ones of both.
        var issuedByMe = await inUse.Where(c => c.CampaignId == id && theirs.Contains(c.Normalised)).Select(c => c.Normalised).ToListAsync(cancellationToken);
        var issuedByThem = await inUse.Where(c => c.CampaignId != id && (c.Normalised == own || inUse.Any(m => m.CampaignId == id && m.Normalised == c.Normalised)))
            .Select(c => c.CampaignId).Distinct().ToListAsync(cancellationToken);
        return [.. others.Where(o => (o.Code is not null && (o.Code == own || issuedByMe.Contains(o.Code))) || issuedByThem.Contains(o.Id)).Select(o => o.Name).Order(StringComparer.Ordinal)];
    }
}
