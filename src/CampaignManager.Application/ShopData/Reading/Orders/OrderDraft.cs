using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>What a line is.</summary>
internal enum LineKind { Goods, Shipping, Discount, Tax, Charge, Section, Skip }

/// <summary>An order read, before it is known what its price column means.</summary>
internal sealed record OrderDraft(RawOrder Raw, string Id, Currency Currency)
{
    public string? Number { get; init; }

    public DateTime? At { get; init; }

    public Values.ClockTurn Turn { get; init; }

    public DateTime? PaidAt { get; init; }

    public DateTime? StatusAt { get; init; }

    public required string Status { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>As the file has it, for the look at keys.</summary>
    public string? CustomerText { get; init; }

    public string? Channel { get; init; }

    public string? Region { get; init; }

    public IReadOnlyList<string> Codes { get; init; } = [];

    public decimal? Goods { get; init; }

    public decimal? Subtotal { get; init; }

    public decimal? Discount { get; init; }

    public decimal? Shipping { get; init; }

    public decimal? Fee { get; init; }

    public decimal? Tax { get; init; }

    public decimal? Total { get; init; }

    public IReadOnlyList<LineDraft> Lines { get; init; } = [];

    public IReadOnlyList<RefundDraft> Refunds { get; init; } = [];

    /// <summary>The document takes back what another one sold.</summary>
    public bool IsRefund => Status == "refund";

    /// <summary>Also one that was closed because all was paid back.</summary>
    public bool IsCancelled => Status is "cancelled" or "cancelled-refunded";

    public bool IsCounted => Status is "counted" or "refunded";
}

internal sealed record LineDraft(LineKind Kind, FileRow Row)
{
    public string? Sku { get; init; }

    public string? ProductId { get; init; }

    public string? Name { get; init; }

    public string? Category { get; init; }

    public decimal Quantity { get; init; }

    public decimal? Price { get; init; }

    /// <summary>The line's goods before discounts, where the file says them.</summary>
    public decimal? Goods { get; init; }

    /// <summary>The line's goods after its discount.</summary>
    public decimal? Paid { get; init; }

    /// <summary>An amount of the line.</summary>
    public decimal? Discount { get; init; }

    public decimal? DiscountPercent { get; init; }

    public decimal? Tax { get; init; }

    public decimal? Shipping { get; init; }

    public decimal? UnitCost { get; init; }

    public bool HasMoney => Price is not null || Goods is not null || Paid is not null;
}

internal sealed record RefundDraft(string? Id, DateTime? At, decimal Amount, decimal? Shipping, decimal? Tax);
