namespace CampaignManager.Application.ShopData.Rows;

/// <summary>Where an order stands; only a counted one is a purchase.</summary>
public enum OrderStatus { Counted, Unpaid, Cancelled, Test }

/// <summary>
/// An order as a shop's file or call says it, read: money in minor units of its currency, times in UTC, ids that name a person already pseudonyms.
/// What the source does not say is null, never 0.
/// </summary>
/// <param name="Id">Unique within its source.</param>
/// <param name="At">When it was placed.</param>
/// <param name="Row">0-based data row of the file on which it begins.</param>
public sealed record OrderRow(string Id, DateTime At, string Currency, long Row) : ReadRow(Row)
{
    /// <summary>What people call it; need not be unique.</summary>
    public string? Number { get; init; }

    /// <summary>Null: a guest.</summary>
    public string? CustomerId { get; init; }

    public OrderStatus Status { get; init; }

    public DateTime? StatusAt { get; init; }

    public DateTime? PaidAt { get; init; }

    public string? Channel { get; init; }

    public string? Region { get; init; }

    /// <summary>Goods at the file's own prices, before any discount.</summary>
    public long? ListMinor { get; init; }

    /// <summary>Of lines and of the order, on goods.</summary>
    public long? DiscountMinor { get; init; }

    public long? ShippingMinor { get; init; }

    public long? TaxMinor { get; init; }

    /// <summary>Whether prices hold the tax; null where nothing tells.</summary>
    public bool? TaxIncluded { get; init; }

    public long? TotalMinor { get; init; }

    public IReadOnlyList<string> DiscountCodes { get; init; } = [];

    /// <summary>False: the source lists no goods (a grid), and nothing may be said of categories.</summary>
    public bool HasLines { get; init; } = true;

    /// <summary>Whether lines − discount + shipping (+ tax) give the total; null where the source has no total.</summary>
    public bool? AddsUp { get; init; }

    public IReadOnlyList<OrderLineRow> Lines { get; init; } = [];

    public IReadOnlyList<RefundRow> Refunds { get; init; } = [];
}

/// <summary>How a line's discount is known.</summary>
public enum DiscountFrom { Line, Share }

/// <param name="LineNo">0-based within its order.</param>
/// <param name="Sku">As the source writes it, trimmed; null for a line without one.</param>
/// <param name="UnitPriceMinor">Before any discount; null where no money is known.</param>
public sealed record OrderLineRow(int LineNo, string? Sku, int Quantity, long? UnitPriceMinor)
{
    public string? ProductId { get; init; }

    /// <summary>What the source calls the goods: a product that no list names gets its name from here.</summary>
    public string? Name { get; init; }

    public string? Category { get; init; }

    public long DiscountMinor { get; init; }

    public DiscountFrom DiscountFrom { get; init; }

    public long? UnitCostMinor { get; init; }

    /// <summary>The line's goods before discounts, where price times quantity does not give it to the cent; null: it does.</summary>
    public long? GoodsMinor { get; init; }
}

/// <summary>How the time of a refund is known.</summary>
public enum RefundTime { File, Order, Import }

/// <param name="Id">The source's own; null: known by order, time and amounts.</param>
/// <param name="LineNo">Null: of the whole order.</param>
/// <param name="At">Null where the file does not say; then the order's time or the import's stands for it.</param>
public sealed record RefundRow(string? Id, string OrderId, int? LineNo, DateTime? At, RefundTime AtFrom, long GoodsMinor)
{
    public int? Quantity { get; init; }

    public long ShippingMinor { get; init; }

    public long TaxMinor { get; init; }
}
