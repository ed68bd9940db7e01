using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>An order's rows as a draft: every figure, time and id read by what its column was judged to be.</summary>
internal sealed class OrderReader(OrderCells cells, OrderRows rows, ReadingOptions options, string? currency)
{
    private readonly Template template = cells.Template;
    private readonly PackedText? refunds = cells.Template.Block("refund").Items is { } items ? new PackedText(items) : null;

    /// <exception cref="OrderCells.FaultException">Something of it cannot be read.</exception>
    public OrderDraft Read(RawOrder raw)
    {
        string? Cell(string column) => raw[column];
        var said = cells.Text("order", "currency", Cell)?.Trim().ToUpperInvariant() ?? currency;
        if (!Currency.TryGet(said, out var money))
            throw new OrderCells.FaultException("unknown-currency", said ?? "");
        var id = cells.Id("order", "id", Cell) ?? raw.Key;
        if (Values.IdColumn.IsMangled(id))
            throw new OrderCells.FaultException("mangled-id", id);
        var person = cells.Id("order", "customer", Cell);
        return new OrderDraft(raw, id, money)
        {
            Number = cells.Id("order", "number", Cell),
            At = cells.Time("order", "at", Cell, out var turn),
            Turn = turn,
            PaidAt = cells.Time("order", "paidAt", Cell, out _),
            StatusAt = cells.Time("order", "statusAt", Cell, out _),
            Status = cells.Text("order", "status", Cell) ?? "counted",
            CustomerText = person,
            CustomerId = PersonKey.Of(template.Field("order", "customer"), person, options),
            Channel = cells.Text("order", "channel", Cell),
            Region = cells.Text("order", "region", Cell),
            Codes = Codes(Cell),
            Goods = cells.Amount("order", "goods", Cell),
            Subtotal = cells.Amount("order", "subtotal", Cell),
            Discount = cells.Amount("order", "discount", Cell),
            Shipping = cells.Amount("order", "shipping", Cell),
            Fee = cells.Amount("order", "fee", Cell),
            Tax = cells.Amount("order", "tax", Cell),
            Total = cells.Amount("order", "total", Cell),
            Lines = Lines(raw),
            Refunds = Refunds(raw, Cell),
        };
    }

    private List<LineDraft> Lines(RawOrder raw)
    {
        var lines = new List<LineDraft>();
        var block = template.Block("line");
        if (block.Fields.Count == 0)
            return lines;
        var source = rows.Packed is null ? raw.Lines.Count > 0 ? raw.Lines : template.Shape.Files.Count > 0 ? [] : raw.Heads
            : raw.Heads.SelectMany(rows.LinesIn);
        foreach (var row in source)
        {
            string? Cell(string column) => raw.OfLine(row, column);
            if (block.When is { } when && !when.Holds(Cell))
                continue;
            var line = Line(row, Cell);
            if (line.Kind != LineKind.Skip)
                lines.Add(line);
        }

        return block.OneRowAPiece ? Together(lines) : lines;
    }

    private LineDraft Line(FileRow row, Func<string, string?> cell)
    {
        var (sku, productId) = (cells.Id("line", "sku", cell), cells.Id("line", "productId", cell));
        var quantity = cells.Amount("line", "quantity", cell);
        var discount = cells.Amount("line", "discount", cell);
        var isPercent = template.Field("line", "discount")?.Percent == true;
        var line = new LineDraft(KindOf(cells.Text("line", "kind", cell)), row)
        {
            Sku = sku,
            ProductId = productId,
            Name = cells.Text("line", "name", cell),
            Category = cells.Text("line", "category", cell),
            Quantity = quantity ?? 0,
            Price = cells.Amount("line", "price", cell),
            Goods = cells.Amount("line", "goods", cell),
            Paid = cells.Amount("line", "paid", cell),
            Discount = isPercent ? null : discount,
            DiscountPercent = isPercent ? discount : null,
            Tax = cells.Amount("line", "tax", cell),
            Shipping = cells.Amount("line", "shipping", cell),
            UnitCost = cells.Amount("line", "unitCost", cell),
        };
        // A row without goods, without a count and without money only heads those that follow, or is an order without lines.
        if (line.Kind == LineKind.Goods && sku is null && productId is null && quantity is null or 0
            && (line.Price ?? line.Goods ?? line.Paid ?? 0) == 0)
            return line with { Kind = line.Name is null ? LineKind.Skip : LineKind.Section };
        return quantity is null && line.Kind == LineKind.Goods && (sku ?? productId ?? line.Name) is not null && line.HasMoney ? line
            with
        { Quantity = 1 } : line;
    }

    private static List<LineDraft> Together(List<LineDraft> pieces) =>
    [
        .. pieces.GroupBy(p => (p.Kind, p.Sku, p.ProductId, p.Name, p.Price, p.Goods, p.Paid, p.DiscountPercent)).Select(g => g.First() with
        {
            Quantity = g.Sum(p => p.Quantity),
            Goods = g.Key.Goods is null ? null : g.Sum(p => p.Goods),
            Paid = g.Key.Paid is null ? null : g.Sum(p => p.Paid),
            Discount = g.All(p => p.Discount is null) ? null : g.Sum(p => p.Discount ?? 0),
            Tax = g.All(p => p.Tax is null) ? null : g.Sum(p => p.Tax ?? 0),
            Shipping = g.All(p => p.Shipping is null) ? null : g.Sum(p => p.Shipping ?? 0),
        }),
    ];

    private static LineKind KindOf(string? word) => word switch
    {
        null or "goods" => LineKind.Goods,
        "shipping" => LineKind.Shipping,
        "discount" => LineKind.Discount,
        "tax" => LineKind.Tax,
        "charge" => LineKind.Charge,
        "section" => LineKind.Section,
        _ => LineKind.Skip,
    };

    private List<RefundDraft> Refunds(RawOrder raw, Func<string, string?> cell)
    {
        if (template.Field("refund", "amount") is null)
            return [];
        if (refunds is null)
            return Refund(cell) is { } one ? [one] : [];
        return [.. raw.Heads.SelectMany(h => OrderProfile.InCells(refunds, h)).Select(r => Refund(c => r[c])).OfType<RefundDraft>()];
    }

    private RefundDraft? Refund(Func<string, string?> cell) => cells.Amount("refund", "amount", cell) is { } amount && amount != 0
        ? new RefundDraft(
            cells.Id("refund", "id", cell), cells.Time("refund", "at", cell, out _), Math.Abs(amount),
                cells.Amount("refund", "shipping", cell), cells.Amount("refund", "tax", cell))
        : null;

    private IReadOnlyList<string> Codes(Func<string, string?> cell)
    {
        if (template.Field("order", "codes") is not { } field || cells.Text("order", "codes", cell) is not { } text)
            return [];
        return field.Inside is { } key
            ? [.. PackedText.Inside(text, key)]
            : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }
}
