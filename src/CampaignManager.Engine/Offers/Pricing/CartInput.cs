using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>A cart as the API receives it: major units, nothing checked yet. Field names are the contract.</summary>
public sealed record CartInput
{
    /// <summary>ISO 4217; needed.</summary>
    public string? Currency { get; init; }

    /// <summary>When it is priced; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <inheritdoc cref="Cart.Channel"/>
    public string? Channel { get; init; }

    /// <inheritdoc cref="Cart.Region"/>
    public string? Region { get; init; }

    /// <summary>Null for a guest.</summary>
    public CartCustomerInput? Customer { get; init; }

    /// <inheritdoc cref="Cart.Codes"/>
    public IReadOnlyList<string?>? Codes { get; init; }

    /// <inheritdoc cref="Cart.Shipping"/>
    public decimal? Shipping { get; init; }

    /// <inheritdoc cref="Cart.PricesIncludeTax"/>
    public bool? PricesIncludeTax { get; init; }

    /// <summary>Needed.</summary>
    public IReadOnlyList<CartLineInput?>? Lines { get; init; }

    /// <summary>Whatever the shop wants to keep beside it; nobody looks into it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }

    /// <summary>What was sent in fields that do not exist.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>Who buys.</summary>
public sealed record CartCustomerInput
{
    /// <inheritdoc cref="Cart.CustomerId"/>
    public string? Id { get; init; }

    /// <inheritdoc cref="Cart.Segments"/>
    public IReadOnlyList<string?>? Segments { get; init; }

    /// <inheritdoc cref="Cart.IsNew"/>
    public bool? IsNew { get; init; }

    /// <summary>Whatever the shop wants to keep beside it; nobody looks into it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }

    /// <summary>What was sent in fields that do not exist.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>A line as the API receives it.</summary>
public sealed record CartLineInput
{
    /// <summary>Needed.</summary>
    public string? Id { get; init; }

    /// <summary>Needed.</summary>
    public string? Sku { get; init; }

    /// <inheritdoc cref="CartLine.Categories"/>
    public IReadOnlyList<string?>? Categories { get; init; }

    /// <inheritdoc cref="CartLine.Brand"/>
    public string? Brand { get; init; }

    /// <inheritdoc cref="CartLine.Tags"/>
    public IReadOnlyList<string?>? Tags { get; init; }

    /// <summary>Needed; a whole number.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Needed.</summary>
    public decimal? UnitPrice { get; init; }

    /// <inheritdoc cref="CartLine.MinUnitPrice"/>
    public decimal? MinUnitPrice { get; init; }

    /// <inheritdoc cref="CartLine.TaxRate"/>
    public decimal? TaxRate { get; init; }

    /// <inheritdoc cref="CartLine.Selected"/>
    public bool? Selected { get; init; }

    /// <summary>Whatever the shop wants to keep beside it; nobody looks into it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Meta { get; init; }

    /// <summary>What was sent in fields that do not exist.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}
