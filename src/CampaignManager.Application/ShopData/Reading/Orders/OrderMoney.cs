using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>What the prices of a source mean.</summary>
/// <param name="Price">Of a piece or of the line.</param>
/// <param name="TaxOnTop">Whether the tax is added to prices; else they hold it.</param>
internal readonly record struct MoneyMeans(Means Price, bool TaxOnTop);

/// <summary>The sums of an order under what its prices mean, in major units.</summary>
internal static class OrderMoney
{
    public static decimal? Goods(LineDraft line, MoneyMeans means)
    {
        if (line.Goods is { } goods)
            return goods;
        if (line.Price is { } price)
            return means.Price == Means.Line ? price : price * line.Quantity;
        return line.Paid is { } paid ? paid + Math.Abs(line.Discount ?? 0) : null;
    }

    public static decimal Discount(LineDraft line, MoneyMeans means, int digits)
    {
        if (line.Discount is { } amount)
            return Math.Abs(amount);
        if (line.DiscountPercent is { } percent)
            return decimal.Round((Goods(line, means) ?? 0) * percent / 100m, digits, MidpointRounding.AwayFromZero);
        return line.Paid is { } paid && Goods(line, means) is { } goods ? goods - paid : 0;
    }

    public static decimal SumOf(OrderDraft order, LineKind kind, MoneyMeans means) =>
        order.Lines.Where(l => l.Kind == kind).Sum(l => Goods(l, means) ?? 0);

    /// <summary>Goods and charges that stand among them, before discounts.</summary>
    public static decimal Gross(OrderDraft order, MoneyMeans means) =>
        SumOf(order, LineKind.Goods, means) + SumOf(order, LineKind.Charge, means);

    public static decimal LineDiscounts(OrderDraft order, MoneyMeans means) =>
        order.Lines.Where(l => l.Kind is LineKind.Goods or LineKind.Charge).Sum(l => Discount(l, means, order.Currency.FractionDigits));

    /// <summary>All discounts on goods.</summary>
    public static decimal Discounts(OrderDraft order, MoneyMeans means, Template template)
    {
        var ofLines = LineDiscounts(order, means) + Math.Abs(SumOf(order, LineKind.Discount, means));
        if (order.Discount is { } said)
            return template.Field("order", "discount")!.IncludesLineDiscounts ? Math.Abs(said) : Math.Abs(said) + ofLines;
        if (template.Field("order", "subtotal") is { AfterDiscount: true } && order.Subtotal is { } after
            && (order.Lines.Count > 0 || order.Goods is not null))
            return (order.Lines.Any(l => l.HasMoney) ? Gross(order, means) : order.Goods!.Value) - after;
        return ofLines;
    }

    public static decimal? Shipping(OrderDraft order, MoneyMeans means)
    {
        var ofLines = order.Lines.Where(l => l.Shipping is not null).ToList();
        if (order.Shipping is null && ofLines.Count == 0 && order.Lines.All(l => l.Kind != LineKind.Shipping))
            return null;
        return (order.Shipping ?? 0) + ofLines.Sum(l => l.Shipping!.Value) + SumOf(order, LineKind.Shipping, means);
    }

    public static decimal? Tax(OrderDraft order, MoneyMeans means)
    {
        if (order.Tax is null && order.Lines.All(l => l.Tax is null && l.Kind != LineKind.Tax))
            return null;
        return (order.Tax ?? 0) + order.Lines.Sum(l => l.Tax ?? 0) + SumOf(order, LineKind.Tax, means);
    }

    /// <returns>By how much lines − discount + shipping (+ tax) differ from the total; null where one of them is not known.</returns>
    public static decimal? Difference(OrderDraft order, MoneyMeans means, Template template)
    {
        if (order.Lines.Count == 0 || order.Lines.Any(l => l.Kind == LineKind.Goods && !l.HasMoney))
            return null;
        if (order.Total is not { } total)
            return order.Goods is { } goods ? Gross(order, means) - goods : null;
        var sum = Gross(order, means) - Discounts(order, means, template) + (Shipping(order, means) ?? 0) + (order.Fee ?? 0)
            + (means.TaxOnTop ? Tax(order, means) ?? 0 : 0);
        return sum - total;
    }

    /// <summary>To the cent, and half a cent for each line that was rounded by itself.</summary>
    public static bool IsNothing(decimal difference, OrderDraft order)
    {
        var cent = 1m / order.Currency.MinorPerMajor;
        return Math.Abs(difference) <= Math.Max(cent, order.Lines.Count * cent / 2);
    }
}
