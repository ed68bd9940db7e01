using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Orders with their lines and refunds as raw rows, which only their number in the stream holds together.</summary>
internal sealed class OrderSpill(MakeRaw raw, KnownBuckets buckets) : IDisposable
{
    private readonly RawTable orders = raw("raw_orders", """
        n BIGINT, file INTEGER, row BIGINT, content_hash BIGINT, order_id VARCHAR, customer_id VARCHAR, number VARCHAR, "at" TIMESTAMP, status VARCHAR, status_at TIMESTAMP,
        paid_at TIMESTAMP, channel VARCHAR, region VARCHAR, currency VARCHAR, list_minor BIGINT, discount_minor BIGINT, shipping_minor BIGINT, tax_minor BIGINT,
        tax_included BOOLEAN, total_minor BIGINT, codes VARCHAR, has_lines BOOLEAN, adds_up BOOLEAN, bucket INTEGER
        """, "bucket, \"at\"");

    private readonly RawTable lines = raw("raw_lines", """
        n BIGINT, line_no INTEGER, sku VARCHAR, product_id VARCHAR, name VARCHAR, category VARCHAR, quantity INTEGER, unit_price_minor BIGINT, discount_minor BIGINT,
        discount_from VARCHAR, unit_cost_minor BIGINT, goods_minor BIGINT
        """, "n");

    private readonly RawTable refunds = raw("raw_refunds", """
        n BIGINT, refund_id VARCHAR, line_no INTEGER, "at" TIMESTAMP, at_from VARCHAR, quantity INTEGER, goods_minor BIGINT, shipping_minor BIGINT, tax_minor BIGINT
        """, "n");

    private readonly ContentHash hash = new();
    private readonly ContentHash refundHash = new();

    public long Rows => orders.Rows;

    public void Add(OrderRow order, long n)
    {
        var spread = Spread(order);
        var list = order.ListMinor ?? Goods(order);
        Say(order, spread);
        var customer = order.CustomerId ?? DataLake.GuestPrefix + order.Id;
        orders.Row().AppendValue(n).AppendValue(order.File).AppendValue(order.Row).AppendValue(hash.Value).AppendValue(order.Id).AppendValue(customer)
            .AppendValue(order.Number).AppendValue(order.At).AppendValue(Word(order.Status)).AppendValue(order.StatusAt).AppendValue(order.PaidAt).AppendValue(order.Channel)
            .AppendValue(order.Region).AppendValue(order.Currency).AppendValue(list).AppendValue(order.DiscountMinor).AppendValue(order.ShippingMinor)
            .AppendValue(order.TaxMinor).AppendValue(order.TaxIncluded).AppendValue(order.TotalMinor)
            .AppendValue(order.DiscountCodes.Count == 0 ? null : string.Join('\n', order.DiscountCodes)).AppendValue(order.HasLines).AppendValue(order.AddsUp)
            .AppendValue(buckets.Of(customer)).EndRow();
        foreach (var (line, discount, from) in spread)
        {
            lines.Row().AppendValue(n).AppendValue(line.LineNo).AppendValue(line.Sku).AppendValue(line.ProductId).AppendValue(line.Name).AppendValue(line.Category)
                .AppendValue(line.Quantity).AppendValue(line.UnitPriceMinor).AppendValue(discount).AppendValue(from == DiscountFrom.Share ? "share" : "line")
                .AppendValue(line.UnitCostMinor).AppendValue(line.GoodsMinor).EndRow();
        }

        foreach (var refund in order.Refunds)
        {
            refunds.Row().AppendValue(n).AppendValue(refund.Id ?? IdOf(refund)).AppendValue(refund.LineNo).AppendValue(refund.At)
                .AppendValue(refund.At is null && refund.AtFrom == RefundTime.File ? "order" : Word(refund.AtFrom)).AppendValue(refund.Quantity)
                .AppendValue(refund.GoodsMinor).AppendValue(refund.ShippingMinor).AppendValue(refund.TaxMinor).EndRow();
        }
    }

    public void Close()
    {
        orders.Close();
        lines.Close();
        refunds.Close();
    }

    public void Dispose()
    {
        orders.Dispose();
        lines.Dispose();
        refunds.Dispose();
    }

    private static long? Goods(OrderRow order)
    {
        if (order.Lines.Count > 0 && order.Lines.All(l => l.UnitPriceMinor is not null || l.GoodsMinor is not null))
            return order.Lines.Sum(GoodsOf);
        return order.TotalMinor is { } total
            ? total - (order.ShippingMinor ?? 0) + (order.DiscountMinor ?? 0) - (order.TaxIncluded == false ? order.TaxMinor ?? 0 : 0)
            : null;
    }

    private static long GoodsOf(OrderLineRow line) => line.GoodsMinor ?? ((line.UnitPriceMinor ?? 0) * line.Quantity);

    /// <summary>What the order gave that no line names is each line's share of it.</summary>
    private static List<(OrderLineRow Line, long Discount, DiscountFrom From)> Spread(OrderRow order)
    {
        var rest = (order.DiscountMinor ?? 0) - order.Lines.Sum(l => l.DiscountMinor);
        var weights = order.Lines.Select(l => Math.Max(0, GoodsOf(l) - l.DiscountMinor)).ToArray();
        if (rest <= 0 || weights.Sum() == 0)
            return [.. order.Lines.Select(l => (l, l.DiscountMinor, l.DiscountFrom))];
        var shares = Allocation.Split(rest, weights);
        return [.. order.Lines.Select((l, i) => (l, l.DiscountMinor + shares[i], shares[i] == 0 ? l.DiscountFrom : DiscountFrom.Share))];
    }

    private void Say(OrderRow o, List<(OrderLineRow Line, long Discount, DiscountFrom From)> spread)
    {
        hash.Begin().Of(o.Number).Of(o.At).Of((long)o.Status).Of(o.StatusAt).Of(o.PaidAt).Of(o.Channel).Of(o.Region).Of(o.Currency).Of(o.ListMinor).Of(o.DiscountMinor)
            .Of(o.ShippingMinor).Of(o.TaxMinor).Of(o.TaxIncluded).Of(o.TotalMinor).Of(o.DiscountCodes).Of(o.HasLines).Of(o.AddsUp);
        foreach (var (line, discount, _) in spread)
        {
            hash.Of(line.LineNo).Of(line.Sku).Of(line.ProductId).Of(line.Category).Of(line.Quantity).Of(line.UnitPriceMinor).Of(discount).Of(line.UnitCostMinor)
                .Of(line.GoodsMinor);
        }

        foreach (var refund in o.Refunds)
            Say(hash.Of("refund").Of(refund.Id), refund);
    }

    private string IdOf(RefundRow refund) => Say(refundHash.Begin().Of(refund.OrderId), refund).Id;

    private static ContentHash Say(ContentHash hash, RefundRow refund) => hash.Of(refund.LineNo).Of(refund.At).Of(refund.Quantity).Of(refund.GoodsMinor)
        .Of(refund.ShippingMinor).Of(refund.TaxMinor);

    private static string Word(OrderStatus status) => status switch
    {
        OrderStatus.Counted => "counted",
        OrderStatus.Unpaid => "unpaid",
        OrderStatus.Cancelled => "cancelled",
        OrderStatus.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static string Word(RefundTime time) => time switch
    {
        RefundTime.File => "file",
        RefundTime.Order => "order",
        RefundTime.Import => "import",
        _ => throw new ArgumentOutOfRangeException(nameof(time)),
    };
}
