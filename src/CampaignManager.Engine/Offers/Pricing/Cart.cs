namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What is to be priced. Money in minor units of <see cref="Currency"/>. Made by <see cref="CartValidation"/>, which says what must hold.</summary>
public sealed record Cart
{
    /// <summary>ISO 4217 code of every amount.</summary>
    public required string Currency { get; init; }

    /// <summary>Where it is bought; null when not said.</summary>
    public string? Channel { get; init; }

    /// <summary>Region of the customer; null when not said.</summary>
    public string? Region { get; init; }

    /// <summary>The shop's id of the customer; null for a guest.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Segments that the customer is in.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>True without an earlier paid order; null when not known.</summary>
    public bool? IsNew { get; init; }

    /// <summary>Codes as they were typed.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>Shipping before any discount.</summary>
    public long Shipping { get; init; }

    /// <summary>Whether prices include tax.</summary>
    public bool PricesIncludeTax { get; init; } = true;

    /// <summary>At most <see cref="CartValidation.MostLines"/>, with different ids.</summary>
    public required IReadOnlyList<CartLine> Lines { get; init; }
}

/// <summary>So many units of one SKU at one price.</summary>
public sealed record CartLine
{
    /// <summary>The caller's id, unique in the cart.</summary>
    public required string Id { get; init; }

    /// <summary>Stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>Category keys; a key <c>a/b</c> also lies in <c>a</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Brand.</summary>
    public string? Brand { get; init; }

    /// <summary>Product tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Units, at least one.</summary>
    public int Quantity { get; init; } = 1;

    /// <summary>List price of a unit.</summary>
    public long UnitPrice { get; init; }

    /// <summary>The line's total never goes below this times the quantity.</summary>
    public long MinUnitPrice { get; init; }

    /// <summary>Tax in percent.</summary>
    public decimal TaxRate { get; init; }

    /// <summary>A line that is not selected is not bought: it is no part of any price.</summary>
    public bool Selected { get; init; } = true;
}
