using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;

namespace CampaignManager.Web.Audiences;

/// <summary>What the lines of the builder choose from.</summary>
/// <param name="Segments">Without saved audiences: none is made of another.</param>
/// <param name="Values">What customers have.</param>
/// <param name="Categories">With their products, those that others lie in among them.</param>
/// <param name="Brands">With their products.</param>
public sealed record RuleChoices(IReadOnlyList<AudienceSegment> Segments, KnownValues Values, IReadOnlyList<KeyCount> Categories, IReadOnlyList<KeyCount> Brands)
{
    public static RuleChoices Of(IReadOnlyList<AudienceSegment> segments, KnownValues values, Catalogue catalogue) => new(
        // Before anybody was told apart there are those that every shop will have.
        segments.Any(s => s.Kind == SegmentKind.Lifecycle) ? [.. segments.Where(s => s.Kind != SegmentKind.Audience)]
            : [.. KnownSegments.All.Where(s => s.Kind == SegmentKind.Lifecycle).Select(s => new AudienceSegment(s.Key, s.Kind, s.Name.En, s.Name.Zh, 0, default))],
        values,
        [
            .. catalogue.Categories.SelectMany(c => Within(c.Key).Select(key => (Key: key, c.Products))).GroupBy(c => c.Key, StringComparer.Ordinal)
                .Select(g => new KeyCount(g.Key, g.Sum(c => c.Products))).OrderBy(c => c.Key, StringComparer.Ordinal),
        ],
        [.. catalogue.Brands.OrderBy(b => b.Name, StringComparer.Ordinal).Select(b => new KeyCount(b.Name, b.Products))]);

    // A condition on a category means those in it too.
    private static IEnumerable<string> Within(string key)
    {
        yield return key;
        for (var slash = key.LastIndexOf('/'); slash > 0; slash = key.LastIndexOf('/', slash - 1))
            yield return key[..slash];
    }
}
