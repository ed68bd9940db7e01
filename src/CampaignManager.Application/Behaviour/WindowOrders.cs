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
        var margin = shop.StoreMarginPercent / 100;
        var unit = AmountUnit.Of(shop);
        var assumed = $"(net + given) * {margin.ToString(CultureInfo.InvariantCulture)}";
        return string.Create(CultureInfo.InvariantCulture, $"""
            WITH placed AS (
                SELECT w.campaign_id, w.epoch, w.customer_id, o.source, o.order_id, o."at", o.list_minor - o.discount_minor AS net, coalesce(o.campaign_id = w.campaign_id, false) AS own,
                       CASE WHEN own THEN coalesce(o.campaign_discount_minor, o.discount_minor) ELSE 0 END AS given
                FROM {windows} w JOIN (SELECT * FROM {lake.CountedOrders()} WHERE bucket = {bucket}) o
                  ON o.customer_id = w.customer_id AND o."at" >= w.assigned_at AND o."at" < w.closes_at),
            earned AS (
                SELECT p.campaign_id, p.epoch, p.customer_id, p.source, p.order_id,
                       sum(CASE WHEN l.unit_cost_minor IS NULL THEN b.before * {margin} ELSE b.before - l.unit_cost_minor * l.quantity END) AS margin
                FROM placed p
                JOIN (SELECT *, unit_price_minor * quantity - discount_minor AS paid FROM {lake.CountedLines()} WHERE bucket = {bucket}) l USING (source, order_id)
                CROSS JOIN LATERAL (SELECT l.paid + CASE WHEN p.own THEN coalesce(l.campaign_discount_minor, l.discount_minor) ELSE 0 END AS before) b
                GROUP BY ALL)
            SELECT campaign_id, epoch, customer_id, order_id, "at", {unit.Sql("net")} AS revenue,
                   {unit.Sql($"coalesce(e.margin, {assumed})")} AS margin, {unit.Sql("given")} AS discount
            FROM placed LEFT JOIN earned e USING (campaign_id, epoch, customer_id, source, order_id)
            """);
    }
}
