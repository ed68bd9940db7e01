using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>What a report says of orders, counted over the rows as they were read.</summary>
internal sealed class OrderFigures(Template template, Figures figures)
{
    private readonly HashSet<ulong> customers = [];
    private readonly Dictionary<string, HashSet<ulong>> customerIds = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> goods = [];
    private readonly Dictionary<ulong, ulong> orderOfNumber = [];
    private readonly HashSet<ulong> numbersTwice = [];
    private readonly SortedDictionary<string, object> oddCodes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> currencies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> sums = [];
    private (DateTime? First, DateTime? Last) times;
    private bool anyMoney;
    private bool anyTotal;

    public void Begin()
    {
        string[] always =
        [
            "orders", "lines", "guest_orders", "cancelled", "unpaid", "test", "counted", "refunded", "refund_minor", "section_rows",
            "orders_that_do_not_add_up",
            "order_numbers_used_twice", "times_that_happen_twice", "times_in_a_gap", "orders_without_items", "invoices",
            "cancellation_invoices", "cancellation_rows",
            "cancelled_minor", "rows_without_customer", "zero_quantity_rows", "zero_price_rows", "negative_rows_that_are_no_cancellation",
            "exact_duplicate_rows",
            "closed_because_refunded", "orders_without_time", "named_goods",
        ];
        foreach (var name in always)
            figures.Set(name, 0);
    }

    public void See(OrderDraft order, OrderRow? row, OrderSums money)
    {
        figures.Add("invoices");
        SeeRows(order);
        currencies.Add(order.Currency.Code);
        if (order.At is { } at)
            times = (times.First is { } first && first < at ? first : at, times.Last is { } last && last > at ? last : at);
        SeeIds(order);
        var customer = row is null ? order.CustomerId : row.CustomerId;
        if (customer is not null)
            customers.Add(TextHash.Of(customer));
        figures.Add("times_that_happen_twice", order.Turn == ClockTurn.Twice ? 1 : 0);
        figures.Add("times_in_a_gap", order.Turn == ClockTurn.Gap ? 1 : 0);
        figures.Add("orders_without_time", order.At is null ? 1 : 0);
        if (order.IsRefund)
        {
            figures.Add("cancellation_invoices");
            figures.Add("cancelled_minor", Math.Abs(money.Gross ?? 0));
            return;
        }

        figures.Add("orders");
        figures.Add("guest_orders", customer is null ? 1 : 0);
        figures.Add(order.IsCounted ? "counted" : order.IsCancelled ? "cancelled" : order.Status);
        figures.Add("orders_without_items", order.Lines.Any(l => l.Kind == LineKind.Goods) ? 0 : 1);
        figures.Add("orders_that_do_not_add_up", money.AddsUp == false ? 1 : 0);
        figures.Add("closed_because_refunded", order.Status == "cancelled-refunded" ? 1 : 0);
        if (order.Number is { } number && !orderOfNumber.TryAdd(TextHash.Of(number), TextHash.Of(order.Id))
            && orderOfNumber[TextHash.Of(number)] != TextHash.Of(order.Id))
            numbersTwice.Add(TextHash.Of(number));
        if (order.IsCounted)
            SeeCounted(money);
    }

    public void End()
    {
        figures.Set("customers", customers.Count);
        figures.Set("customer_ids", customerIds.Values.Select(c => c.Count).DefaultIfEmpty(0).Max());
        figures.Set("distinct_products", goods.Count);
        figures.Set("order_numbers_used_twice", numbersTwice.Count);
        if (times.First is { } first)
            figures.Set("first", first);
        if (times.Last is { } last)
            figures.Set("last", last);
        if (currencies.Count > 0)
            figures.Set("currency", string.Join(", ", currencies));
        if (oddCodes.Count > 0)
            figures.Set("odd_stock_codes", oddCodes);
        foreach (var (column, sum) in sums)
            figures.Set($"{column}_minor", sum);
        if (anyTotal)
            figures.Add("paid_total_minor", 0);
        if (!anyMoney)
            return;
        foreach (var name in (string[])["gross_minor", "discount_minor", "net_minor", "goods_gross_minor"])
            figures.Add(name, 0);
        // Documents that take back name no order: what they give back comes off the whole.
        figures.Add("net_minor", -(long)figures["cancelled_minor"]!);
    }

    private void SeeCounted(OrderSums money)
    {
        figures.Add("refunded", money.Refunded > 0 ? 1 : 0);
        figures.Add("refund_minor", money.Refunded);
        if (money.Total is { } total)
        {
            anyTotal = true;
            figures.Add("paid_total_minor", total);
        }

        if (!money.HasMoney)
            return;
        anyMoney = true;
        figures.Add("gross_minor", money.Gross ?? 0);
        figures.Add("goods_gross_minor", (money.Gross ?? 0) - (money.Charges ?? 0));
        figures.Add("discount_minor", money.Discount ?? 0);
        figures.Add("net_minor", Math.Max(0, (money.Gross ?? 0) - (money.Discount ?? 0) - money.Refunded));
    }

    // A source may have an id a person and another one an order: how many there are of each tells them apart.
    private void SeeIds(OrderDraft order)
    {
        foreach (var column in template.Field("order", "customer")?.Columns ?? [])
        {
            if (order.Raw[column] is not { } text)
                continue;
            if (!customerIds.TryGetValue(column, out var ids))
                customerIds[column] = ids = [];
            ids.Add(TextHash.Of(text));
        }
    }

    private void SeeRows(OrderDraft order)
    {
        var source = order.Raw.Lines.Count > 0 ? order.Raw.Lines : order.Raw.Heads;
        figures.Add("rows_without_customer", order.CustomerText is null ? source.Count : 0);
        figures.Add("cancellation_rows", order.IsRefund ? source.Count : 0);
        figures.Add("exact_duplicate_rows", source.Count < 2 ? 0 : source.Count - source.Select(r => r.Hash).Distinct().Count());
        foreach (var column in template.Sums)
        {
            foreach (var text in source.Select(r => r[column]).OfType<string>())
            {
                if (decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture,
                    out var amount))
                    sums[column] = sums.GetValueOrDefault(column) + (AmountColumn.TryToMinor(amount, order.Currency, out var minor) ? minor
                        : 0);
            }
        }

        foreach (var line in order.Lines)
        {
            if (line.Kind == LineKind.Section)
            {
                figures.Add("section_rows");
                continue;
            }

            if (line.Kind is not (LineKind.Goods or LineKind.Charge))
                continue;
            var key = line.Sku ?? line.ProductId;
            if (key is not null)
                goods.Add(TextHash.Of(key));
            figures.Add(key is not null || line.HasMoney ? "lines" : "named_goods", line.Kind == LineKind.Goods ? 1 : 0);
            figures.Add("zero_quantity_rows", line.Quantity == 0 ? 1 : 0);
            figures.Add("zero_price_rows", (line.Price ?? line.Goods ?? line.Paid) == 0 ? 1 : 0);
            figures.Add("negative_rows_that_are_no_cancellation", line.Quantity < 0 && !order.IsRefund ? 1 : 0);
            if (line.Kind == LineKind.Charge && key is not null)
                oddCodes[key] = (long)oddCodes.GetValueOrDefault(key, 0L) + 1;
        }
    }
}
