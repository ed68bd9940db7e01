using System.Globalization;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;

namespace CampaignManager.Application.Behaviour;

/// <summary>What customers ordered within their attribution windows, with the margin it left. The one place that says what revenue, margin and discount of a window mean.</summary>
internal static class WindowOrders
{
    /// <summary>
    /// One row an order and window it falls into: <c>campaign_id, epoch, customer_id, order_id, at, revenue, margin, discount</c>, money in major units.
    /// Revenue is net of every discount, without shipping. Margin is before the window's own campaign's discount, which stands beside it as <c>discount</c>; goods
    /// without a unit cost take the store's margin.
    /// </summary>
    /// <param name="lake">Where orders and lines are.</param>
    /// <param name="bucket">Bucket of the customers.</param>
    /// <param name="windows">Relation with <c>campaign_id, epoch, customer_id, assigned_at, closes_at</c>.</param>
    /// <param name="shop">Its currency, and its margin on goods without a unit cost.</param>
    public static string Sql(DataLake lake, int bucket, string windows, ShopSettings shop)
    {
        var unit = AmountUnit.Of(shop);
        return string.Create(CultureInfo.InvariantCulture, $"""
            WITH {Earned(lake, bucket, windows, shop, "campaign_id, epoch, customer_id", "true")}
            SELECT campaign_id, epoch, customer_id, order_id, "at", {unit.Sql("net")} AS revenue,
                   {unit.Sql($"coalesce(e.margin, {Assumed(shop)})")} AS margin, {unit.Sql("given")} AS discount
            FROM placed LEFT JOIN earned e USING (campaign_id, epoch, customer_id, source, order_id)
            """);
    }

    /// <summary>
    /// The same in whole minor units, with what came back: <c>(key), "at", revenue, margin, discount, returns, reversed, units</c>. A return is booked to its
    /// order, whenever it comes: <c>returns</c> is what was paid back for goods, <c>reversed</c> what that takes of the margin: its line's price less cost, and without a line by the order's rate.
    /// </summary>
    /// <param name="lake">Where orders and lines are.</param>
    /// <param name="bucket">Bucket of the customers.</param>
    /// <param name="windows">Relation with the key and <c>campaign_id, customer_id, assigned_at, closes_at</c>.</param>
    /// <param name="shop">Its margin on goods without a unit cost.</param>
    /// <param name="key">Columns that name a window.</param>
    /// <param name="counted">Whether a line's goods are among the units counted, as SQL over <c>category, sku</c>.</param>
    public static string Whole(DataLake lake, int bucket, string windows, ShopSettings shop, string key, string counted)
    {
        var margin = shop.StoreMarginPercent / 100;
        return string.Create(CultureInfo.InvariantCulture, $"""
            WITH {Earned(lake, bucket, windows, shop, key, counted)},
            priced AS (
                SELECT {key}, source, order_id, "at", net, given, coalesce(units, 0) AS units, round(coalesce(e.margin, {Assumed(shop)}))::BIGINT AS margin
                FROM placed LEFT JOIN earned e USING ({key}, source, order_id)),
            back AS (
                SELECT {key}, source, order_id, sum(price)::BIGINT AS returns,
                       sum(CASE WHEN line_share IS NULL THEN round(price * rate) ELSE price - round(line_share * cost) END)::BIGINT AS reversed
                FROM (
                    SELECT {string.Join(", ", key.Split(", ").Select(k => "p." + k))}, p.source, p.order_id, s.line_share, l.cost,
                           coalesce(r.goods_minor, round(s.line_share * l.paid)::BIGINT, 0) AS price,
                           CASE WHEN p.net = 0 THEN {margin} ELSE (p.margin - p.given) / p.net::DOUBLE END AS rate
                    FROM priced p JOIN (
                        SELECT source, order_id, line_no, quantity, goods_minor FROM {lake.Source(LakeTable.Refunds)} WHERE bucket = {bucket}) r USING (source, order_id)
                    LEFT JOIN sold l USING ({key}, source, order_id, line_no)
                    CROSS JOIN LATERAL (
                        SELECT CASE WHEN l.line_no IS NOT NULL
                            THEN least(1, coalesce(r.quantity / nullif(l.quantity, 0)::DOUBLE, r.goods_minor / nullif(l.paid, 0)::DOUBLE)) END AS line_share) s)
                GROUP BY ALL)
            SELECT {key}, "at", net::BIGINT AS revenue, margin, given::BIGINT AS discount, coalesce(returns, 0) AS returns, coalesce(reversed, 0) AS reversed, units::BIGINT AS units
            FROM priced LEFT JOIN back USING ({key}, source, order_id)
            """);
    }

    private static string Assumed(ShopSettings shop) =>
        string.Create(CultureInfo.InvariantCulture, $"(net + given) * {shop.StoreMarginPercent / 100}");

    /// <summary>CTEs: orders by window (<c>placed</c>), their lines (<c>sold</c>), and what the lines earned (<c>earned</c>).</summary>
    private static string Earned(DataLake lake, int bucket, string windows, ShopSettings shop, string key, string counted)
    {
        var cost = shop.StoreMarginPercent / 100;
        string Of(string row) => string.Join(", ", key.Split(", ").Select(k => $"{row}.{k}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            placed AS (
                SELECT {Of("w")}, o.source, o.order_id, o."at", o.list_minor - o.discount_minor AS net, coalesce(o.campaign_id = w.campaign_id, false) AS own,
                       CASE WHEN own THEN coalesce(o.campaign_discount_minor, o.discount_minor) ELSE 0 END AS given
                FROM {windows} w JOIN (SELECT * FROM {lake.CountedOrders()} WHERE bucket = {bucket}) o
                  ON o.customer_id = w.customer_id AND o."at" >= w.assigned_at AND o."at" < w.closes_at),
            sold AS (
                SELECT {Of("p")}, p.source, p.order_id, l.line_no, l.quantity, l.paid, b.before, CASE WHEN {counted} THEN l.quantity ELSE 0 END AS units,
                       CASE WHEN l.unit_cost_minor IS NULL THEN b.before * (1 - {cost}) ELSE l.unit_cost_minor * l.quantity END AS cost
                FROM placed p
                JOIN (SELECT *, unit_price_minor * quantity - discount_minor AS paid FROM {lake.CountedLines()} WHERE bucket = {bucket}) l USING (source, order_id)
                CROSS JOIN LATERAL (SELECT l.paid + CASE WHEN p.own THEN coalesce(l.campaign_discount_minor, l.discount_minor) ELSE 0 END AS before) b),
            earned AS (SELECT {key}, source, order_id, sum(before - cost) AS margin, sum(units) AS units FROM sold GROUP BY ALL)
            """);
    }
}
