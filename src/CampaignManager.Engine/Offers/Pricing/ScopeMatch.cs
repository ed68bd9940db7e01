namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Which goods a scope covers, by the same index that prices carts. Made once for a scope, then asked for many goods; immutable.</summary>
public sealed class ScopeMatch
{
    private readonly ScopeIndex index;
    private readonly int bit;

    private ScopeMatch(ScopeIndex index, int bit) => (this.index, this.bit) = (index, bit);

    /// <summary>For a campaign's scope; what it says for single segments is left aside.</summary>
    /// <param name="include">What is in; null or nothing named means everything.</param>
    /// <param name="exclude">What is out in any case.</param>
    /// <param name="categories">Which category lies in which; null: by their keys alone.</param>
    public static ScopeMatch Of(ScopeSelector? include, ScopeSelector? exclude, CategoryTree? categories = null)
    {
        var builder = new ScopeIndex.Builder();
        var bit = builder.Add(include, exclude);
        return new ScopeMatch(builder.Build(categories ?? CategoryTree.Flat), bit);
    }

    /// <summary>Whether the goods are in scope.</summary>
    public bool Covers(CartLine goods)
    {
        ArgumentNullException.ThrowIfNull(goods);
        Span<ulong> bits = stackalloc ulong[index.Words];
        Span<ulong> excluded = stackalloc ulong[index.Words];
        index.Cover(goods, bits, excluded);
        return (bits[bit >> 6] & (1UL << (bit & 63))) != 0;
    }
}
