using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>An order as it will be stored, from its draft and what prices mean.</summary>
internal sealed class OrderBuilder(Template template, MoneyMeans means, IReadOnlySet<ulong> shared)
{
    /// <summary>Null for one that is never stored: its time is not known.</summary>
    /// <exception cref="OrderCells.FaultException">An amount has digits that its currency has not.</exception>
    public OrderRow? Build(OrderDraft draft, out OrderSums sums)
    {
        var currency = draft.Currency;
        var hasMoney = draft.Lines.Any(l => l.HasMoney) || draft.Goods is not null || (draft.Subtotal is not null && !AfterDiscounts);
        var gross = draft.Lines.Any(l => l.HasMoney) ? OrderMoney.Gross(draft, means) : draft.Goods
            ?? (AfterDiscounts ? null : draft.Subtotal) ?? 0;
        var discount = hasMoney && !draft.IsRefund ? OrderMoney.Discounts(draft, means, template) : 0;
        var lines = draft.IsRefund ? [] : Lines(draft, discount);
        var shipping = OrderMoney.Shipping(draft, means);
        var charges = OrderMoney.SumOf(draft, LineKind.Charge, means);
        var ofCharges = Rounded(charges, currency);
        sums = new OrderSums(
            hasMoney, Minor(gross - charges, currency, "goods") + ofCharges, Minor(discount, currency, "discount"),
                Minor(draft.Total, currency, "total"), ofCharges,
            OrderMoney.Difference(draft, means, template) is { } difference ? OrderMoney.IsNothing(difference, draft) : null);
        var refunds = Refunds(draft, sums, Minor(shipping, currency, "shipping") ?? 0);
        sums = sums with { Refunded = refunds.Sum(r => r.GoodsMinor + r.ShippingMinor + r.TaxMinor) };
        if (draft.At is not { } at)
            return null;
        return new OrderRow(draft.Id, at, currency.Code, draft.Raw.Heads[0].Row)
        {
            File = draft.Raw.Heads[0].File,
            Number = draft.Number,
            CustomerId = draft.CustomerId is { } id && shared.Contains(TextHash.Of(id)) ? null : draft.CustomerId,
            Status = draft.Status switch
            {
                "cancelled" or "cancelled-refunded" or "refund" => OrderStatus.Cancelled,
                "unpaid" => OrderStatus.Unpaid,
                "test" => OrderStatus.Test,
                _ => OrderStatus.Counted,
            },
            StatusAt = draft.StatusAt,
            PaidAt = draft.PaidAt,
            Channel = draft.Channel,
            Region = draft.Region,
            DiscountCodes = draft.Codes,
            ListMinor = hasMoney ? sums.Gross - sums.Charges : null,
            DiscountMinor = hasMoney ? sums.Discount : null,
            ShippingMinor = charges == 0 ? Minor(shipping, currency, "shipping") : (Minor(shipping, currency, "shipping") ?? 0) + ofCharges,
            TaxMinor = Minor(OrderMoney.Tax(draft, means), currency, "tax"),
            TaxIncluded = draft.Total is null && template.TaxIncluded == Means.Reconcile ? null : !means.TaxOnTop,
            TotalMinor = sums.Total,
            HasLines = lines.Count > 0,
            AddsUp = sums.AddsUp,
            Lines = lines,
            Refunds = refunds,
        };
    }

    private bool AfterDiscounts => template.Field("order", "subtotal")?.AfterDiscount == true;

    private List<OrderLineRow> Lines(OrderDraft draft, decimal discount)
    {
        var goods = draft.Lines.Where(l => l.Kind == LineKind.Goods && l.Quantity >= 0).ToList();
        var amounts = goods.Select(l => Minor(OrderMoney.Goods(l, means), draft.Currency, "price") ?? 0).ToArray();
        var own = goods.Select(l => Minor(OrderMoney.Discount(l, means, draft.Currency.FractionDigits), draft.Currency, "discount")
            ?? 0).ToArray();
        // What lines do not say themselves is spread over them by what is left of each.
        var rest = (Minor(discount, draft.Currency, "discount") ?? 0) - own.Sum();
        var weights = amounts.Select((a, i) => Math.Max(0, a - own[i])).ToArray();
        var shares = rest != 0 && weights.Sum() > 0 ? Shares.Of(rest, weights) : new long[goods.Count];
        var lines = new List<OrderLineRow>(goods.Count);
        for (var i = 0; i < goods.Count; i++)
        {
            var line = goods[i];
            var quantity = (int)Math.Min(int.MaxValue, Math.Round(line.Quantity, MidpointRounding.AwayFromZero));
            long? unit = line.HasMoney ? UnitPrice(line, amounts[i], quantity, draft.Currency) : null;
            lines.Add(new OrderLineRow(i, line.Sku ?? line.ProductId, quantity, unit)
            {
                ProductId = line.ProductId,
                Name = line.Name,
                Category = line.Category,
                DiscountMinor = own[i] + shares[i],
                DiscountFrom = shares[i] != 0 ? DiscountFrom.Share : DiscountFrom.Line,
                UnitCostMinor = Minor(line.UnitCost, draft.Currency, "cost"),
                GoodsMinor = unit is { } price && price * quantity != amounts[i] ? amounts[i] : null,
            });
        }

        return lines;
    }

    private static long UnitPrice(LineDraft line, long goods, int quantity, Currency currency) =>
        line.Price is { } price && line.Goods is null && AmountColumn.TryToMinor(price, currency, out var minor)
            && minor * quantity == goods
            ? minor
            : quantity == 0 ? goods : (long)Math.Round((decimal)goods / quantity, MidpointRounding.AwayFromZero);

    private List<RefundRow> Refunds(OrderDraft draft, OrderSums sums, long shipping)
    {
        if (draft.IsRefund)
        {
            var back = Math.Abs(sums.Gross ?? 0);
            return back == 0 ? [] : [new RefundRow(draft.Id, draft.Id, null, draft.At, RefundTime.File, back)];
        }

        // The word says it was paid back, and no column how much: all of it was.
        IReadOnlyList<RefundDraft> said = draft.Refunds.Count == 0 && draft.Status == "refunded"
            && (draft.Total ?? draft.Subtotal ?? Paid(draft)) is { } all && all > 0
            ? [new RefundDraft(null, draft.StatusAt, all, null, null)]
            : draft.Refunds;
        var goodsLeft = Math.Max(0, sums.Gross - sums.Discount ?? long.MaxValue);
        var rows = new List<RefundRow>(said.Count);
        foreach (var refund in said)
        {
            var amount = Minor(refund.Amount, draft.Currency, "refund")!.Value;
            var ofShipping = Minor(refund.Shipping, draft.Currency, "refund");
            var ofTax = Minor(refund.Tax, draft.Currency, "refund") ?? 0;
            // One sum of goods, shipping and tax: goods first, what goes beyond them is the shipping, then the tax.
            var goods = Math.Min(amount - (ofShipping ?? 0) - ofTax, goodsLeft);
            goodsLeft -= goods;
            var beyond = amount - goods - (ofShipping ?? 0) - ofTax;
            var shippingBack = ofShipping ?? Math.Min(beyond, Math.Max(0, shipping));
            beyond -= ofShipping is null ? shippingBack : 0;
            rows.Add(new RefundRow(refund.Id, draft.Id, null, refund.At, refund.At is null ? RefundTime.Order : RefundTime.File, goods)
            {
                ShippingMinor = shippingBack,
                TaxMinor = ofTax + beyond,
            });
        }

        return rows;
    }

    private decimal? Paid(OrderDraft draft) => draft.Lines.Any(l => l.HasMoney)
        ? OrderMoney.Gross(draft, means) - OrderMoney.Discounts(draft, means, template) + (OrderMoney.Shipping(draft, means) ?? 0) : null;

    // Postage and packing are nobody's price: a thousandth of theirs turns no order away.
    private static long Rounded(decimal amount, Currency currency) =>
        currency.ToMinor(decimal.Round(amount, currency.FractionDigits, MidpointRounding.AwayFromZero));

    private static long? Minor(decimal? amount, Currency currency, string what)
    {
        if (amount is not { } known)
            return null;
        if (AmountColumn.TryToMinor(known, currency, out var minor))
            return minor;
        throw new OrderCells.FaultException(
            "too-many-digits", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}: {known} {currency.Code}"));
    }
}

/// <summary>Of an order, in minor units.</summary>
/// <param name="HasMoney">Whether goods have prices.</param>
/// <param name="Gross">Goods and what stands among them, before discounts.</param>
/// <param name="Charges">Of that, what is no goods.</param>
internal sealed record OrderSums(bool HasMoney, long? Gross, long? Discount, long? Total, long? Charges, bool? AddsUp)
{
    public long Refunded { get; init; }
}

internal static class Shares
{
    /// <summary>An amount over weights, to the last unit: what rounding leaves goes to the largest rests.</summary>
    public static long[] Of(long amount, long[] weights)
    {
        var whole = (decimal)weights.Sum();
        var exact = weights.Select(w => amount * (w / whole)).ToArray();
        var shares = exact.Select(e => (long)decimal.Floor(e)).ToArray();
        var left = amount - shares.Sum();
        foreach (var i in Enumerable.Range(0, weights.Length).OrderByDescending(i => exact[i] - shares[i]).ThenBy(i => i).Take((int)left))
            shares[i]++;
        return shares;
    }
}
