using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>立减 / 直降: an amount off, once per order or off each unit.</summary>
public sealed record AmountOff : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "amountOff";

    /// <summary>What comes off.</summary>
    public decimal Amount { get; init; }

    /// <summary>What it comes off.</summary>
    public AmountPer Per { get; init; }

    /// <summary>Per unit: at most so many units; null for all.</summary>
    public int? MaxUnits { get; init; }

    /// <summary>Of what there are at most so many.</summary>
    public UnitsPer MaxUnitsPer { get; init; }
}
