using System.Globalization;
using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>A row as the lake will hold it, in words for a preview.</summary>
internal static class StoredRow
{
    public static IReadOnlyList<(string Column, string Text)> Of(ReadRow row) => row switch
    {
        OrderRow o =>
        [
            ("order_id", o.Id), ("number", o.Number ?? ""), ("customer_id", o.CustomerId ?? "guest:" + o.Id), ("at", Time(o.At)), ("status", Word(o.Status)),
            ("currency", o.Currency), ("list_minor", Figure(o.ListMinor)), ("discount_minor", Figure(o.DiscountMinor)), ("shipping_minor", Figure(o.ShippingMinor)),
            ("tax_minor", Figure(o.TaxMinor)), ("total_minor", Figure(o.TotalMinor)), ("adds_up", Yes(o.AddsUp)), ("region", o.Region ?? ""), ("channel", o.Channel ?? ""),
            ("discount_codes", string.Join(' ', o.DiscountCodes)), ("lines", string.Join("; ", o.Lines.Select(Line))), ("refunds", string.Join("; ", o.Refunds.Select(r => Figure(r.GoodsMinor)))),
        ],
        EventRow e =>
        [
            ("event_id", e.Id ?? ""), ("type", e.Type), ("at", Time(e.At)), ("customer_id", e.CustomerId ?? ""), ("anonymous_id", e.AnonymousId ?? ""), ("sku", e.Sku ?? ""),
            ("quantity", Figure(e.Quantity)), ("unit_price_minor", Figure(e.UnitPriceMinor)), ("currency", e.Currency ?? ""), ("order_id", e.OrderId ?? ""),
            ("campaign_id", e.CampaignId ?? ""), ("rating", Figure(e.Rating)), ("text", e.Text ?? ""),
        ],
        CustomerRow c =>
        [
            ("customer_id", c.Id), ("joined_at", Time(c.JoinedAt)), ("region", c.Region ?? ""), ("country", c.Country ?? ""), ("channel", c.Channel ?? ""),
            ("device", c.Device ?? ""), ("email_opt_in", Yes(c.EmailOptIn)), ("opt_out_marketing", Yes(c.OptOutMarketing)), ("member_tier", c.MemberTier ?? ""),
            ("tags", string.Join(' ', c.Tags)), ("other_ids", string.Join(' ', c.OtherIds)),
        ],
        ProductRow p =>
        [
            ("sku", p.Sku), ("product_id", p.ProductId ?? ""), ("name", p.NameEn ?? p.NameZh ?? ""), ("category", p.Category ?? ""), ("brand", p.Brand ?? ""),
            ("currency", p.Currency ?? ""), ("price_minor", Figure(p.PriceMinor)), ("compare_at_minor", Figure(p.CompareAtMinor)), ("unit_cost_minor", Figure(p.UnitCostMinor)),
            ("status", p.Status ?? ""), ("stock_on_hand", Figure(p.StockOnHand)),
        ],
        CampaignRow c =>
        [
            ("campaign_id", c.Id), ("name", c.Name ?? ""), ("offer", c.Offer ?? ""), ("starts_at", Time(c.StartsAt)), ("ends_at", Time(c.EndsAt)),
            ("attribution_days", Figure(c.AttributionDays)),
        ],
        ExposureRow x =>
        [
            ("campaign_id", x.CampaignId), ("customer_id", x.CustomerId), ("arm", Figure(x.Arm)), ("assigned_at", Time(x.AssignedAt)),
            ("propensity", x.Propensity?.ToString(CultureInfo.InvariantCulture) ?? ""), ("randomised", Yes(x.Randomised)), ("contacted_at", Time(x.ContactedAt)),
        ],
        _ => throw new InvalidOperationException($"No table is known for {row.GetType().Name}."),
    };

    private static string Line(OrderLineRow line) => string.Create(CultureInfo.InvariantCulture, $"{line.Quantity} × {line.Sku ?? line.ProductId ?? line.Name}");

    private static string Word(OrderStatus status) => status.ToString().ToLowerInvariant();

    private static string Figure(long? figure) => figure?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Time(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static string Yes(bool? said) => said switch { true => "yes", false => "no", null => "" };
}
