using System.Collections.Frozen;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>
/// Which scopes cover which goods, turned round: by category, brand, SKU and tag the set of scopes that name it, as bits. A line's scopes are then a few
/// unions of bits, whatever the number of campaigns.
/// </summary>
internal sealed class ScopeIndex
{
    private readonly FrozenDictionary<string, Named> categories;
    private readonly FrozenDictionary<string, Named>.AlternateLookup<ReadOnlySpan<char>> categoryPaths;
    private readonly FrozenDictionary<string, Named> brands;
    private readonly FrozenDictionary<string, Named> skus;
    private readonly FrozenDictionary<string, Named> tags;
    private readonly ulong[] everything;

    private ScopeIndex(Builder builder, CategoryTree tree)
    {
        Words = builder.Words;
        everything = builder.Everything.ToBits(Words);
        brands = Freeze(builder.Brands);
        skus = Freeze(builder.Skus);
        tags = Freeze(builder.Tags);
        var all = new Dictionary<string, Marks>(StringComparer.Ordinal);
        foreach (var key in tree.Keys.Concat(builder.Categories.Keys).Distinct(StringComparer.Ordinal))
        {
            var union = new Marks();
            foreach (var ancestor in tree.SelfAndAncestors(key))
            {
                if (builder.Categories.TryGetValue(ancestor, out var marks))
                    union.Add(marks);
            }

            all[key] = union;
        }

        categories = Freeze(all);
        categoryPaths = categories.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Words of 64 scopes each.</summary>
    public int Words { get; }

    /// <summary>Writes the scopes that cover a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="bits"><see cref="Words"/> words.</param>
    /// <param name="excluded">As many words of scratch.</param>
    public void Cover(CartLine line, Span<ulong> bits, Span<ulong> excluded)
    {
        everything.CopyTo(bits);
        excluded.Clear();
        for (var i = 0; i < line.Categories.Count; i++)
            Category(line.Categories[i], bits, excluded);
        if (line.Brand is { } brand && brands.TryGetValue(brand, out var named))
            named.Union(bits, excluded);
        if (skus.TryGetValue(line.Sku, out named))
            named.Union(bits, excluded);
        for (var i = 0; i < line.Tags.Count; i++)
        {
            if (tags.TryGetValue(line.Tags[i], out named))
                named.Union(bits, excluded);
        }

        for (var w = 0; w < bits.Length; w++)
            bits[w] &= ~excluded[w];
    }

    private void Category(string key, Span<ulong> bits, Span<ulong> excluded)
    {
        if (categories.TryGetValue(key, out var named))
        {
            named.Union(bits, excluded);
            return;
        }

        // A key that nobody names may lie in one that is named, by its path.
        var path = key.AsSpan();
        while (path.LastIndexOf('/') is > 0 and var cut)
        {
            path = path[..cut];
            if (categoryPaths.TryGetValue(path, out named))
            {
                named.Union(bits, excluded);
                return;
            }
        }
    }

    private FrozenDictionary<string, Named> Freeze(Dictionary<string, Marks> marks) =>
        marks.ToFrozenDictionary(m => m.Key, m => new Named(m.Value.Include.ToBits(Words), m.Value.Exclude.ToBits(Words)), StringComparer.Ordinal);

    private readonly record struct Named(ulong[] Include, ulong[] Exclude)
    {
        public void Union(Span<ulong> bits, Span<ulong> excluded)
        {
            for (var w = 0; w < bits.Length; w++)
            {
                bits[w] |= Include[w];
                excluded[w] |= Exclude[w];
            }
        }
    }

    internal sealed class Marks
    {
        public BitList Include { get; } = [];

        public BitList Exclude { get; } = [];

        public void Add(Marks other)
        {
            Include.AddRange(other.Include);
            Exclude.AddRange(other.Exclude);
        }
    }

    internal sealed class BitList : List<int>
    {
        public ulong[] ToBits(int words)
        {
            var bits = new ulong[words];
            foreach (var bit in this)
                bits[bit >> 6] |= 1UL << (bit & 63);
            return bits;
        }
    }

    /// <summary>Gathers scopes; each gets a bit.</summary>
    internal sealed class Builder
    {
        private int count;

        public Dictionary<string, Marks> Categories { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Marks> Brands { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Marks> Skus { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Marks> Tags { get; } = new(StringComparer.Ordinal);

        public BitList Everything { get; } = [];

        public int Words => Math.Max(1, (count + 63) / 64);

        /// <param name="include">What is in; nothing named means everything.</param>
        /// <param name="exclude">What is out.</param>
        /// <param name="only">Categories in place of those included.</param>
        /// <returns>The scope's bit.</returns>
        public int Add(ScopeSelector? include, ScopeSelector? exclude, IReadOnlyList<string>? only = null)
        {
            var bit = count++;
            if (only is not null)
                include = (include is { All: false } ? include : new ScopeSelector()) with { Categories = only };
            // Everything excluded: covers nothing.
            if (exclude is { All: true })
                return bit;
            if (include is null || include.All || include.IsEmpty)
                Everything.Add(bit);
            else
                Mark(include, m => m.Include.Add(bit));
            if (exclude is not null)
                Mark(exclude, m => m.Exclude.Add(bit));
            return bit;
        }

        public ScopeIndex Build(CategoryTree tree) => new(this, tree);

        private void Mark(ScopeSelector selector, Action<Marks> mark)
        {
            Each(Categories, selector.Categories);
            Each(Brands, selector.Brands);
            Each(Skus, selector.Skus);
            Each(Tags, selector.Tags);

            void Each(Dictionary<string, Marks> named, IReadOnlyList<string> keys)
            {
                foreach (var key in keys)
                {
                    if (!named.TryGetValue(key, out var marks))
                        named[key] = marks = new Marks();
                    mark(marks);
                }
            }
        }
    }
}
