using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Products and their attributes as raw rows.</summary>
internal sealed class GoodsSpill(MakeRaw raw) : IDisposable
{
    private readonly RawTable products = raw("raw_products", """
        n BIGINT, row BIGINT, content_hash BIGINT, sku VARCHAR, product_id VARCHAR, name_en VARCHAR, name_zh VARCHAR, category VARCHAR, category_path VARCHAR, brand VARCHAR,
        currency VARCHAR, price_minor BIGINT, compare_at_minor BIGINT, unit_cost_minor BIGINT, status VARCHAR, description VARCHAR, image_url VARCHAR, url VARCHAR,
        visible BOOLEAN, stock_on_hand INTEGER
        """, "n");

    private readonly RawTable attributes = raw(
        "raw_attributes", "n BIGINT, nr INTEGER, key VARCHAR, number DOUBLE, unit VARCHAR, text_en VARCHAR, text_zh VARCHAR", "n");

    private readonly ContentHash hash = new();

    public long Rows => products.Rows;

    public void Add(ProductRow p, long n)
    {
        hash.Begin().Of(p.ProductId).Of(p.NameEn).Of(p.NameZh).Of(p.Category).Of(p.CategoryPath).Of(p.Brand).Of(p.Currency).Of(p.PriceMinor).Of(p.CompareAtMinor)
            .Of(p.UnitCostMinor).Of(p.Status).Of(p.Description).Of(p.ImageUrl).Of(p.Url).Of(p.Visible).Of(p.StockOnHand);
        foreach (var a in p.Attributes)
            hash.Of(a.Key).Of((double?)a.Number).Of(a.Unit).Of(a.TextEn).Of(a.TextZh);
        products.Row().AppendValue(n).AppendValue(p.Row).AppendValue(hash.Value).AppendValue(p.Sku).AppendValue(p.ProductId).AppendValue(p.NameEn).AppendValue(p.NameZh)
            .AppendValue(p.Category).AppendValue(p.CategoryPath.Count == 0 ? null : string.Join('\n', p.CategoryPath)).AppendValue(p.Brand).AppendValue(p.Currency)
            .AppendValue(p.PriceMinor).AppendValue(p.CompareAtMinor).AppendValue(p.UnitCostMinor).AppendValue(p.Status).AppendValue(p.Description)
            .AppendValue(p.ImageUrl).AppendValue(p.Url).AppendValue(p.Visible).AppendValue(p.StockOnHand).EndRow();
        var nr = 0;
        foreach (var a in p.Attributes)
            attributes.Row().AppendValue(n).AppendValue(nr++).AppendValue(a.Key).AppendValue((double?)a.Number).AppendValue(a.Unit).AppendValue(a.TextEn).AppendValue(a.TextZh).EndRow();
    }

    public void Close()
    {
        products.Close();
        attributes.Close();
    }

    public void Dispose()
    {
        products.Dispose();
        attributes.Dispose();
    }
}
