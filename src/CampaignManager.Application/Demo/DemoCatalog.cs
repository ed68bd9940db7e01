using System.Globalization;

namespace CampaignManager.Application.Demo;

/// <summary>A product of the demo shop; money in minor units.</summary>
internal sealed record DemoProduct(int Index, string Sku, string NameEn, string NameZh, int Category, string Brand, long Price, long? UnitCost, double Quality);

/// <summary>1,200 products, 100 in each of 12 categories. The same for every size of shop with the same seed.</summary>
internal sealed class DemoCatalog
{
    public const int PerCategory = 100;

    private readonly int[][] byPrice;

    public DemoCatalog(long seed)
    {
        Keys = [.. DemoWords.Categories.Select(c => c.Key)];
        var products = new List<DemoProduct>(Keys.Count * PerCategory);
        for (var category = 0; category < Keys.Count; category++)
        {
            var words = DemoWords.Categories[category];
            var random = DemoRandom.For(seed, Streams.Catalog, category);
            for (var i = 0; i < PerCategory; i++)
                products.Add(Make(ref random, products.Count, category, words, i));
        }

        Products = products;
        byPrice = [.. Enumerable.Range(0, Keys.Count).Select(c => products.Where(p => p.Category == c).OrderBy(p => p.Price).ThenBy(p => p.Index).Select(p => p.Index).ToArray())];
    }

    public IReadOnlyList<string> Keys { get; }

    public IReadOnlyList<DemoProduct> Products { get; }

    public int IndexOf(string category) => Enumerable.Range(0, Keys.Count).First(c => Keys[c] == category);

    /// <summary>One of the products of a category that cost about so much.</summary>
    public DemoProduct Near(ref DemoRandom random, int category, long price)
    {
        var order = byPrice[category];
        var place = LowerBound(order, price);
        return Products[order[Math.Clamp(place + random.Below(9) - 4, 0, order.Length - 1)]];
    }

    /// <summary>The cheapest few that cost at least so much; else the dearest.</summary>
    public DemoProduct AtLeast(ref DemoRandom random, int category, long price)
    {
        var order = byPrice[category];
        return Products[order[Math.Min(LowerBound(order, price) + random.Below(4), order.Length - 1)]];
    }

    /// <summary>One that people look at: a few are looked at often, most seldom.</summary>
    public DemoProduct Popular(ref DemoRandom random, int category)
    {
        var u = random.Uniform();
        return Products[(category * PerCategory) + (int)(u * u * PerCategory)];
    }

    private int LowerBound(int[] order, long price)
    {
        int low = 0, high = order.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Products[order[middle]].Price < price)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static DemoProduct Make(ref DemoRandom random, int index, int category, DemoWords.Category words, int i)
    {
        var (noun, adjective) = words.Of(i);
        var brand = DemoWords.Brands[(category * 5 + random.Below(6)) % DemoWords.Brands.Length];
        var raw = noun.Price * Math.Exp(0.42 * random.Normal());
        var price = Tidy(raw);
        var margin = Math.Clamp(words.Margin + (0.06 * random.Normal()), 0.08, 0.7);
        long? cost = random.Chance(0.92) ? (long)Math.Round(price * (1 - margin)) : null;
        var sku = string.Create(CultureInfo.InvariantCulture, $"{words.Key[..3].ToUpperInvariant()}-{i + 1:D3}");
        return new DemoProduct(index, sku, $"{brand.En} {adjective.En} {noun.En}", $"{brand.Zh} {adjective.Zh}{noun.Zh}", category, brand.En, price, cost,
            Math.Clamp(4.3 + (0.35 * random.Normal()), 2.5, 5));
    }

    /// <summary>Prices as shops write them: 19.90 below 50, whole yuan ending in 9 above.</summary>
    private static long Tidy(double yuan) => yuan < 50
        ? ((long)Math.Max(Math.Round(yuan), 5) * 100) - 10
        : (Math.Max((long)Math.Round(yuan / 10), 5) * 1000) - 100;
}

/// <summary>Names of the random streams.</summary>
internal static class Streams
{
    public const int Catalog = 1;
    public const int Customer = 2;
    public const int Orders = 3;
    public const int Browsing = 4;
    public const int Truth = 5;
    public const int Baskets = 6;
    public const int Looks = 7;
    public const int Papers = 8;
    public const int Unmade = 9;
    public const int Guests = 10;
    public const int Profile = 11;
    public const int Goods = 12;
    public const int Ahead = 13;
}
