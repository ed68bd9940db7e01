using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Products as lists say, and as order lines call what no list names.</summary>
internal sealed class GoodsWrite(WriteStage stage)
{
    private static readonly string[] Plain =
    [
        "product_id", "name_en", "name_zh", "category", "category_path", "brand", "currency", "price_minor", "compare_at_minor", "unit_cost_minor", "status", "description",
        "image_url", "url", "visible", "stock_on_hand",
    ];

    /// <param name="lines">Whether orders came along.</param>
    public void Write(bool lines)
    {
        stage.Run($"""
            CREATE OR REPLACE TEMP TABLE goods AS
            SELECT sku, NULL::VARCHAR AS who, bit_xor(DISTINCT content_hash) AS content_hash, min(row) AS row, {string.Join(", ", Plain.Select(c => $"arg_max({c}, n) AS {c}"))}
            FROM raw_products GROUP BY ALL
            """);
        Verdict.Make(stage, LakeTable.Products, "SELECT * FROM goods", "named_from IS DISTINCT FROM 'line'");
        stage.Add(LakeTable.Products, $"""
            SELECT * EXCLUDE (who, what, category_path), string_split(category_path, chr(10)) AS category_path, 'file' AS named_from, false AS deleted, {stage.Origin}
            FROM v_products WHERE what <> 'same'
            """, lines ? $"{Stubs()}" : null);
        stage.Add(LakeTable.ProductAttributes, $"""
            SELECT p.sku, a.key, arg_max(a.number, n) AS number, arg_max(a.unit, n) AS unit, arg_max(a.text_en, n) AS text_en, arg_max(a.text_zh, n) AS text_zh, any_value(p.row) AS row,
                   false AS deleted, {stage.Origin}
            FROM raw_attributes a JOIN raw_products p USING (n) SEMI JOIN (SELECT sku FROM v_products WHERE what <> 'same') v USING (sku) GROUP BY p.sku, a.key
            """, $"""
            SELECT DISTINCT sku, {stage.Tomb} FROM {stage.AllVersions(LakeTable.ProductAttributes)} SEMI JOIN (SELECT sku FROM v_products WHERE what <> 'same') v USING (sku)
            """);
    }

    private string Stubs() => $"""
        SELECT sku, CASE WHEN NOT regexp_matches(name, '[一-鿿]') THEN name END AS name_en, CASE WHEN regexp_matches(name, '[一-鿿]') THEN name END AS name_zh, category, product_id, 'line' AS named_from, false AS deleted, {stage.Origin} FROM (
            SELECT l.sku, arg_min(l.name, (l.n, l.line_no)) AS name, arg_min(l.category, (l.n, l.line_no)) AS category, arg_min(l.product_id, (l.n, l.line_no)) AS product_id
            FROM raw_lines l SEMI JOIN (SELECT n FROM v_orders WHERE what <> 'same') v USING (n) WHERE l.sku IS NOT NULL GROUP BY 1)
        """;
}
