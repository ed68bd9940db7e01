using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>捆绑 / N件套: each complete set costs a price, never more than before.</summary>
public sealed record Bundle : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "bundle";

    /// <summary>One to ten slots of a set.</summary>
    public IReadOnlyList<BundleItem> Items { get; init; } = [];

    /// <summary>What a set costs; may be zero.</summary>
    public decimal Price { get; init; }

    /// <summary>At most so many sets; null for no limit.</summary>
    public int? MaxTimes { get; init; }
}

/// <summary>A slot: so many units out of a scope.</summary>
public sealed record BundleItem(GoodsScope? Scope = null, int Quantity = 1);
