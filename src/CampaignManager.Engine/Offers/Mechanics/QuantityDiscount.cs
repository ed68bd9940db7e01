using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>满件减 / 满件折: by the number of units in scope, a percentage or an amount off the order.</summary>
public sealed record QuantityDiscount : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "quantityDiscount";

    /// <summary>One to ten tiers, ascending by quantity; the highest reached counts, only that one.</summary>
    public IReadOnlyList<QuantityTier> Tiers { get; init; } = [];

    /// <summary>The most that comes off.</summary>
    public decimal? Cap { get; init; }
}

/// <summary>From so many units: either a percentage, or an amount once per order.</summary>
public sealed record QuantityTier(int Quantity, decimal? Percent = null, decimal? Off = null);
