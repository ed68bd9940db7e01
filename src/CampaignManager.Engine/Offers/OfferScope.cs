namespace CampaignManager.Engine.Offers;

/// <summary>Which of the shop's categories a campaign's scope covers for a customer, by the customer's segments.</summary>
public static class OfferScope
{
    /// <summary>Which of the categories are covered.</summary>
    /// <param name="scope">The campaign's scope. Brands, SKUs and tags do not count here.</param>
    /// <param name="categories">The shop's category keys.</param>
    /// <param name="segments">Segment keys of the customer.</param>
    /// <returns>One flag per category, in the order given.</returns>
    public static bool[] Resolve(Scope scope, IReadOnlyList<string> categories, params ReadOnlySpan<string> segments)
    {
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        var replaced = false;
        foreach (var special in scope.PerSegment)
        {
            if (!segments.Contains(special.Segment))
                continue;
            replaced = true;
            chosen.UnionWith(special.Categories);
        }

        var included = scope.Include is { All: false, Categories.Count: > 0 } narrow ? narrow.Categories : null;
        var flags = new bool[categories.Count];
        for (var c = 0; c < flags.Length; c++)
        {
            var inside = replaced ? chosen.Contains(categories[c]) : included is null || included.Contains(categories[c]);
            flags[c] = inside && !(scope.Exclude?.Categories.Contains(categories[c]) ?? false);
        }

        return flags;
    }
}
