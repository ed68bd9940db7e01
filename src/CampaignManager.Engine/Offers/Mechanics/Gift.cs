using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>满赠: goods added at price zero.</summary>
public sealed record Gift : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "gift";

    /// <summary>One to ten tiers, ascending, all by spend or all by quantity; the highest reached counts, only that one.</summary>
    public IReadOnlyList<GiftTier> Tiers { get; init; } = [];

    /// <summary>The lowest tier counts as often as its threshold fits in.</summary>
    public bool PerTimes { get; init; }
}

/// <summary>From a spend or a quantity, so many of a SKU; the value of one, in major units, settles ties between campaigns.</summary>
public sealed record GiftTier(string Sku, int GiftQuantity = 1, decimal? Spend = null, int? Quantity = null, decimal? Value = null);
