using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Orders, each with its lines and refunds as one: a corrected one replaces all of it.</summary>
internal sealed class OrderWrite(WriteStage stage)
{
    private static readonly string[] Folders = ["quarter", "bucket"];

    public void Write()
    {
        Verdict.Make(stage, LakeTable.Orders, """
            SELECT n, order_id, content_hash, customer_id AS who FROM in_orders QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY n DESC) = 1
            """, "true");
        CountRepeats();
        var tombs = Verdict.Tombs(stage, LakeTable.Orders, Folders);
        stage.Add(LakeTable.Orders, $"""
            SELECT o.order_id, o.customer_id, o."at", o.channel, o.list_minor, o.discount_minor, o.shipping_minor, o.total_minor, o.number, o.status, o.status_at, o.paid_at, o.region,
                   o.currency, o.tax_minor, o.tax_included, string_split(o.codes, chr(10)) AS discount_codes, o.has_lines, o.adds_up, o.row, false AS deleted, o.content_hash,
                   {stage.Origin}
            FROM in_orders o SEMI JOIN (SELECT n FROM v_orders WHERE what <> 'same') v USING (n)
            """, tombs);
        stage.Add(LakeTable.OrderLines, $"""
            SELECT o.order_id, o.customer_id, o."at", l.sku, l.category, l.quantity, l.unit_price_minor, l.discount_minor, l.unit_cost_minor, l.line_no, l.product_id, l.discount_from,
                   l.goods_minor, o.status, o.row, false AS deleted, {stage.Origin}
            FROM raw_lines l JOIN in_orders o USING (n) SEMI JOIN (SELECT n FROM v_orders WHERE what <> 'same') v USING (n)
            """, tombs);
        stage.Add(LakeTable.Refunds, $"""
            SELECT r.refund_id, o.order_id, r.line_no, o.customer_id, coalesce(r."at", CASE r.at_from WHEN 'import' THEN {stage.KnownAt} ELSE o."at" END) AS "at", r.at_from, r.quantity,
                   r.goods_minor, r.shipping_minor, r.tax_minor, o.row, false AS deleted, {stage.Origin}
            FROM raw_refunds r JOIN in_orders o USING (n) SEMI JOIN (SELECT n FROM v_orders WHERE what <> 'same') v USING (n)
            """, Verdict.Tombs(stage, LakeTable.Orders, ["bucket"]));
        stage.Run($"INSERT INTO stubs {Stubs("written_orders")}");
    }

    /// <summary>Customers as their first order knows them.</summary>
    public static string Stubs(string orders) => $"""
        SELECT customer_id, min("at") AS joined_at, 'first-order' AS joined_from, arg_min(region, "at") AS region, arg_min(channel, "at") AS channel
        FROM {orders} WHERE status <> 'test' AND NOT starts_with(customer_id, '{DataLake.GuestPrefix}') GROUP BY 1
        """;

    private void CountRepeats()
    {
        var (same, other) = stage.Connection.Query(
            "SELECT count(*) FILTER (o.content_hash = v.content_hash), count(*) FILTER (o.content_hash <> v.content_hash) FROM in_orders o JOIN v_orders v USING (order_id) WHERE o.n <> v.n",
            r => (r.GetInt64(0), r.GetInt64(1)))[0];
        stage.Count("duplicates", same);
        stage.Count("replaced", other);
    }
}
