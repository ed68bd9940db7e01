namespace CampaignManager.Application.ShopData.Rows;

/// <param name="Row">0-based data row of its file.</param>
public sealed record CustomerRow(string Id, long Row) : ReadRow(Row)
{
    /// <summary>UTC; null where the file does not say.</summary>
    public DateTime? JoinedAt { get; init; }

    public string? Region { get; init; }

    public string? Country { get; init; }

    public string? Channel { get; init; }

    public string? Device { get; init; }

    /// <summary>Null where the file does not say; never taken as yes.</summary>
    public bool? EmailOptIn { get; init; }

    public bool? OptOutMarketing { get; init; }

    public bool? OptOutPersonalisation { get; init; }

    public string? MemberTier { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Other ids of the same person, already pseudonyms where they name one (Shopify: Customer ID beside Email).</summary>
    public IReadOnlyList<string> OtherIds { get; init; } = [];
}

/// <param name="Row">0-based data row of its file.</param>
public sealed record ProductRow(string Sku, long Row) : ReadRow(Row)
{
    public string? ProductId { get; init; }

    public string? NameEn { get; init; }

    public string? NameZh { get; init; }

    public string? Category { get; init; }

    public IReadOnlyList<string> CategoryPath { get; init; } = [];

    public string? Brand { get; init; }

    public string? Currency { get; init; }

    public long? PriceMinor { get; init; }

    public long? CompareAtMinor { get; init; }

    public long? UnitCostMinor { get; init; }

    public string? Status { get; init; }

    public string? Description { get; init; }

    public string? ImageUrl { get; init; }

    public string? Url { get; init; }

    public bool? Visible { get; init; }

    public int? StockOnHand { get; init; }

    public IReadOnlyList<ProductAttribute> Attributes { get; init; } = [];
}

/// <summary>A property of goods: a number with its unit, or words.</summary>
public sealed record ProductAttribute(string Key, decimal? Number, string? Unit, string? TextEn, string? TextZh);
