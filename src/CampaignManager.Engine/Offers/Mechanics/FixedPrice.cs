using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>一口价 / 秒杀: brings each unit in scope down to a price, never up.</summary>
public sealed record FixedPrice : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "fixedPrice";

    /// <summary>What a unit then costs; may be zero.</summary>
    public decimal Price { get; init; }

    /// <summary>At most so many units; null for all.</summary>
    public int? MaxUnits { get; init; }

    /// <summary>Of what there are at most so many.</summary>
    public UnitsPer MaxUnitsPer { get; init; }
}
