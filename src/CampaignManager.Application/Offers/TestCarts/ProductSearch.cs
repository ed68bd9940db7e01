using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Offers.TestCarts;

/// <summary>A product as a cart takes it; price in minor units of the shop's currency, null when not known.</summary>
public sealed record ProductRow(string Sku, string NameEn, string NameZh, string? Category, string? Brand, long? PriceMinor);

/// <summary>Finds products in the catalogue.</summary>
public sealed class ProductSearch(DataLake lake)
{
    public const int Most = 20;

    private const int LongestText = 100;

    /// <summary>Products whose SKU, name, category or brand contains every word; an exact SKU first. At most <see cref="Most"/>.</summary>
    public Task<IReadOnlyList<ProductRow>> FindAsync(string? text, CancellationToken cancellationToken)
    {
        var sought = (text ?? "").Trim();
        sought = sought[..Math.Min(sought.Length, LongestText)];
        var words = sought.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => $"contains(lower(concat_ws(' ', sku, name_en, name_zh, category, brand)), lower('{DataLake.Quote(word)}'))");
        return ReadAsync($"WHERE {string.Join(" AND ", words.Prepend("true"))} ORDER BY (lower(sku) = lower('{DataLake.Quote(sought)}')) DESC, name_en, sku LIMIT {Most}", cancellationToken);
    }

    /// <summary>The products of these SKUs, as far as the catalogue has them.</summary>
    public async Task<IReadOnlyDictionary<string, ProductRow>> NamedAsync(IReadOnlyCollection<string> skus, CancellationToken cancellationToken)
    {
        if (skus.Count == 0)
            return new Dictionary<string, ProductRow>();
        var rows = await ReadAsync($"WHERE sku IN ({string.Join(", ", skus.Select(sku => $"'{DataLake.Quote(sku)}'"))})", cancellationToken);
        return rows.DistinctBy(r => r.Sku).ToDictionary(r => r.Sku);
    }

    private Task<IReadOnlyList<ProductRow>> ReadAsync(string rest, CancellationToken cancellationToken) => Task.Run<IReadOnlyList<ProductRow>>(
        () =>
        {
            using var connection = lake.Open(threads: 1);
            return connection.Query($"SELECT sku, name_en, name_zh, category, brand, price_minor FROM {lake.Source(LakeTable.Products)} {rest}", Row);
        },
        cancellationToken);

    private static ProductRow Row(DuckDBDataReader r)
    {
        var sku = r.GetString(0);
        var (english, chinese) = (Text(1), Text(2));
        return new ProductRow(sku, english ?? chinese ?? sku, chinese ?? english ?? sku, Text(3), Text(4), r.IsDBNull(5) ? null : r.GetInt64(5));

        string? Text(int column) => r.IsDBNull(column) ? null : r.GetString(column);
    }
}
