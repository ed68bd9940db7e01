namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Which category lies in which. Beside it, a key <c>a/b</c> always lies in <c>a</c>.</summary>
/// <param name="parents">Parent by category key.</param>
public sealed class CategoryTree(IReadOnlyDictionary<string, string> parents)
{
    // A ring in the data must not hang a quote.
    private const int Deepest = 64;

    /// <summary>No category lies in another but by its key.</summary>
    public static CategoryTree Flat { get; } = new(new Dictionary<string, string>());

    /// <summary>All keys with a parent.</summary>
    public IEnumerable<string> Keys => parents.Keys;

    /// <summary>The category itself and all it lies in, nearest first.</summary>
    public IEnumerable<string> SelfAndAncestors(string key)
    {
        for (var depth = 0; depth < Deepest; depth++)
        {
            yield return key;
            if (parents.TryGetValue(key, out var parent))
                key = parent;
            else if (key.LastIndexOf('/') is > 0 and var cut)
                key = key[..cut];
            else
                yield break;
        }
    }
}
