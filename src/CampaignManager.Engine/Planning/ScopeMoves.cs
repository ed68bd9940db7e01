using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>Changes of which goods count, for one segment at a time.</summary>
public static class ScopeMoves
{
    /// <summary>Every single category added to, or dropped from, what a segment has in scope now.</summary>
    /// <param name="rules">The campaign.</param>
    /// <param name="segment">Lifecycle segment.</param>
    /// <param name="inScope">Categories in scope for it now.</param>
    /// <param name="categories">All categories of the shop.</param>
    /// <param name="onlySegment">The audience is this segment alone: the campaign's own scope changes, else the segment's.</param>
    public static IEnumerable<CampaignMove> Singles(
        CampaignRules rules, string segment, IReadOnlyList<string> inScope, IReadOnlyList<string> categories, bool onlySegment)
    {
        foreach (var category in categories)
        {
            if (!inScope.Contains(category))
                yield return Widen(rules, segment, inScope, [category], categories, onlySegment);
            else if (inScope.Count > 1)
                yield return Narrow(rules, segment, inScope, [category], categories, onlySegment);
        }
    }

    /// <summary>Adds categories for a segment.</summary>
    public static CampaignMove Widen(
        CampaignRules rules, string segment, IReadOnlyList<string> inScope, IReadOnlyList<string> added, IReadOnlyList<string> categories, bool onlySegment) =>
        new(MoveKind.WidenScope, segment, added, null, With(rules, segment, [.. categories.Where(c => inScope.Contains(c) || added.Contains(c))], onlySegment));

    /// <summary>Drops categories for a segment.</summary>
    public static CampaignMove Narrow(
        CampaignRules rules, string segment, IReadOnlyList<string> inScope, IReadOnlyList<string> dropped, IReadOnlyList<string> categories, bool onlySegment) =>
        new(MoveKind.NarrowScope, segment, dropped, null, With(rules, segment, [.. categories.Where(c => inScope.Contains(c) && !dropped.Contains(c))], onlySegment));

    private static CampaignRules With(CampaignRules rules, string segment, IReadOnlyList<string> wanted, bool onlySegment)
    {
        var others = rules.Scope.PerSegment.Where(s => s.Segment != segment).ToList();
        var scope = onlySegment
            ? rules.Scope with { Include = (rules.Scope.Include ?? new ScopeSelector()) with { All = false, Categories = wanted }, PerSegment = others }
            : rules.Scope with { PerSegment = [.. others, new SegmentScope(segment, wanted)] };
        return rules with { Scope = scope };
    }
}
