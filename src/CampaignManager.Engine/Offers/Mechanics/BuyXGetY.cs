using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>买X送Y / 第N件折: for every so many units bought, others get a percentage off.</summary>
public sealed record BuyXGetY : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "buyXGetY";

    /// <summary>What must be bought for a set.</summary>
    public BuyPart Buy { get; init; } = new(1);

    /// <summary>What is then cheaper, or free.</summary>
    public GetPart Get { get; init; } = new(1);

    /// <summary>At most so many sets; null for no limit.</summary>
    public int? MaxTimes { get; init; }

    /// <summary>Which of the matching units are got.</summary>
    public UnitPick Pick { get; init; }
}

/// <summary>So many units to buy; without a scope, of anything in the campaign's scope.</summary>
public sealed record BuyPart(int Quantity, GoodsScope? Scope = null);

/// <summary>So many units got, at so many percent off.</summary>
public sealed record GetPart(int Quantity, GoodsScope? Scope = null, decimal Percent = 100);
