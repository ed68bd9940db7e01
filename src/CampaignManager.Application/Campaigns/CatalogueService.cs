using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Lake;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Campaigns;

/// <summary>A category as campaigns choose it: how many products, and its share (0..1) of all that was ever paid for goods; null before the first order.</summary>
public sealed record CategoryRow(string Key, int Products, double? RevenueShare);

/// <summary>A brand, with the same figures as a category.</summary>
public sealed record BrandRow(string Name, int Products, double? RevenueShare);

/// <summary>A product as scopes see it; price in minor units of the shop's currency, share of revenue 0..1.</summary>
public sealed record CatalogueProduct(string Sku, string NameEn, string NameZh, string? Category, string? Brand, long? PriceMinor, double? RevenueShare)
{
    /// <summary>As a cart would hold it.</summary>
    public CartLine AsLine { get; } = new() { Id = Sku, Sku = Sku, Categories = Category is null ? [] : [Category], Brand = Brand, UnitPrice = PriceMinor ?? 0 };
}

/// <summary>How much of the shop a scope covers; the share is null before the first order.</summary>
public sealed record ScopeSize(int Products, int Of, double? RevenueShare);

/// <summary>All that the shop sells, the best-selling first.</summary>
public sealed record Catalogue(IReadOnlyList<CategoryRow> Categories, IReadOnlyList<BrandRow> Brands, IReadOnlyList<CatalogueProduct> Products)
{
    /// <summary>The products in a scope, the best-selling first.</summary>
    public IEnumerable<CatalogueProduct> In(ScopeSelector? include, ScopeSelector? exclude)
    {
        var match = ScopeMatch.Of(include, exclude);
        return Products.Where(p => match.Covers(p.AsLine));
    }

    public ScopeSize Measure(Scope scope)
    {
        var (count, share, known) = (0, 0.0, false);
        foreach (var product in In(scope.Include, scope.Exclude))
        {
            (count, share) = (count + 1, share + (product.RevenueShare ?? 0));
            known |= product.RevenueShare is not null;
        }

        return new ScopeSize(count, Products.Count, known ? share : null);
    }
}

/// <summary>What the shop sells, from the lake; read again only when the files have changed.</summary>
public sealed class CatalogueService(DataLake lake) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private (string Stamp, Catalogue Rows)? known;

    /// <summary>All categories, the best-selling first; empty while the shop has no products.</summary>
    public async Task<IReadOnlyList<CategoryRow>> CategoriesAsync(CancellationToken cancellationToken) => (await GetAsync(cancellationToken)).Categories;

    /// <summary>The catalogue as it stands.</summary>
    public async Task<Catalogue> GetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var stamp = lake.StampOf(LakeTable.Products, LakeTable.OrderLines);
            if (known is not { } last || last.Stamp != stamp)
                known = last = (stamp, await Task.Run(Read, cancellationToken));
            return last.Rows;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private Catalogue Read()
    {
        using var connection = lake.Open();
        connection.Run($"""
            CREATE TEMP TABLE goods AS SELECT sku, any_value(name_en) AS name_en, any_value(name_zh) AS name_zh, any_value(category) AS category, any_value(brand) AS brand, any_value(price_minor) AS price_minor
            FROM {lake.Source(LakeTable.Products)} GROUP BY sku;
            CREATE TEMP TABLE sold AS SELECT sku, category, sum(quantity * unit_price_minor - coalesce(discount_minor, 0))::DOUBLE AS revenue FROM {lake.CountedLines()} GROUP BY ALL
            """);
        // Lines carry the category that they were sold under; a product's share is by its SKU.
        var categories = connection.Query(
            """
            WITH g AS (SELECT category, count(*) AS products FROM goods WHERE category IS NOT NULL GROUP BY 1), s AS (SELECT category, sum(revenue) AS revenue FROM sold GROUP BY 1)
            SELECT g.category, g.products, coalesce(s.revenue, 0) / nullif((SELECT sum(revenue) FROM sold), 0)
            FROM g LEFT JOIN s USING (category) ORDER BY 3 DESC NULLS LAST, 1
            """,
            r => new CategoryRow(r.GetString(0), (int)r.GetInt64(1), r.IsDBNull(2) ? null : r.GetDouble(2)));
        var products = connection.Query(
            """
            WITH s AS (SELECT sku, sum(revenue) AS revenue FROM sold GROUP BY 1)
            SELECT sku, coalesce(name_en, name_zh, sku), coalesce(name_zh, name_en, sku), category, brand, price_minor, coalesce(s.revenue, 0) / nullif((SELECT sum(revenue) FROM sold), 0)
            FROM goods LEFT JOIN s USING (sku) ORDER BY 7 DESC NULLS LAST, sku
            """,
            r => new CatalogueProduct(
                r.GetString(0), r.GetString(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4), r.IsDBNull(5) ? null : r.GetInt64(5), r.IsDBNull(6) ? null : r.GetDouble(6)));
        var brands = products.Where(p => p.Brand is not null).GroupBy(p => p.Brand!, StringComparer.Ordinal)
            .Select(g => new BrandRow(g.Key, g.Count(), g.Any(p => p.RevenueShare is not null) ? g.Sum(p => p.RevenueShare ?? 0) : null))
            .OrderByDescending(b => b.RevenueShare ?? 0).ThenBy(b => b.Name, StringComparer.Ordinal);
        return new Catalogue(categories, [.. brands], products);
    }
}
