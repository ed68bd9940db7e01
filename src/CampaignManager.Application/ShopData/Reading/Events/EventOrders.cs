using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Values;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Events;

/// <summary>What else a file says of an order that somebody placed: that it was cancelled, what was paid back.</summary>
internal sealed class OrderAftermath
{
    public DateTime? CancelledAt { get; set; }

    public bool Cancelled { get; set; }

    public List<EventRow> Refunds { get; } = [];

    public EventRow? Cancellation { get; set; }

    /// <summary>The order itself was in the file.</summary>
    public bool Met { get; set; }
}

/// <summary>An order as events say it.</summary>
internal sealed class EventOrder(string id, DateTime at, Currency currency, long row, int file)
{
    public List<OrderLineRow> Lines { get; } = [];

    public string? Customer { get; set; }

    public long? Value { get; set; }

    public long? Discount { get; set; }

    public long? Shipping { get; set; }

    public long? Tax { get; set; }

    public long? Total { get; set; }

    public Currency Currency => currency;

    /// <summary>Goods at the events' own prices; the order's own sum where it lists none.</summary>
    public long? Goods => Lines.Count > 0 && Lines.TrueForAll(l => l.UnitPriceMinor is not null)
        ? Lines.Sum(l => l.GoodsMinor ?? (l.UnitPriceMinor!.Value * l.Quantity)) : Lines.Count == 0 ? Value : null;

    public void Add(string? sku, string? name, string? category, int quantity, long? price) =>
        Lines.Add(new OrderLineRow(Lines.Count, sku, quantity, price) { Name = name, Category = category });

    /// <param name="valueAfterDiscount">What the event calls the order's value is less its discount.</param>
    /// <param name="after">Null: nothing.</param>
    public OrderRow Row(bool valueAfterDiscount, OrderAftermath? after)
    {
        var list = Goods;
        var discount = Discount ?? (valueAfterDiscount && list is { } goods && Value is { } paid && paid <= goods ? goods - paid : 0);
        Spread(discount, list ?? 0);
        var expected = list - discount + (Shipping ?? 0);
        return new OrderRow(id, at, currency.Code, row)
        {
            File = file,
            Number = id,
            CustomerId = Customer,
            Status = after?.Cancelled == true ? OrderStatus.Cancelled : OrderStatus.Counted,
            StatusAt = after?.CancelledAt,
            ListMinor = list,
            DiscountMinor = discount,
            ShippingMinor = Shipping,
            TaxMinor = Tax,
            TotalMinor = Total,
            HasLines = Lines.Count > 0,
            AddsUp = Total is { } total && expected is { } sum ? total == sum || total == sum + (Tax ?? 0) : null,
            Lines = [.. Lines],
            Refunds = after is null ? []
                : [.. after.Refunds.Select(r => new RefundRow(r.Id, id, null, r.At, RefundTime.File, r.UnitPriceMinor ?? 0))],
        };
    }

    // To the cent, the largest remainders first.
    private void Spread(long discount, long goods)
    {
        if (discount <= 0 || goods <= 0 || Lines.Count == 0)
            return;
        var shares = Lines.Select(l => (decimal)discount * (l.UnitPriceMinor ?? 0) * l.Quantity / goods).ToList();
        var whole = shares.Select(s => (long)decimal.Floor(s)).ToList();
        foreach (var i in Enumerable.Range(0, Lines.Count).OrderByDescending(i => shares[i] - whole[i]).ThenBy(i =>
            i).Take((int)Math.Min(Lines.Count, discount - whole.Sum())))
            whole[i]++;
        for (var i = 0; i < Lines.Count; i++)
            Lines[i] = Lines[i] with { DiscountMinor = whole[i], DiscountFrom = DiscountFrom.Share };
    }
}
