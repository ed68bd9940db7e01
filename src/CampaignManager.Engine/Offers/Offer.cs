using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>What a campaign grants. Amounts are major units of the campaign's currency; JSON names are the API's contract.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(FullReduction), "fullReduction")]
[JsonDerivedType(typeof(PercentOff), "percentOff")]
[JsonDerivedType(typeof(QuantityDiscount), "quantityDiscount")]
[JsonDerivedType(typeof(AmountOff), "amountOff")]
[JsonDerivedType(typeof(FixedPrice), "fixedPrice")]
[JsonDerivedType(typeof(BuyXGetY), "buyXGetY")]
[JsonDerivedType(typeof(Bundle), "bundle")]
[JsonDerivedType(typeof(Gift), "gift")]
[JsonDerivedType(typeof(FreeShipping), "freeShipping")]
public abstract record Offer
{
    /// <summary>The mechanic's name in the API.</summary>
    [JsonIgnore]
    public abstract string Type { get; }

    /// <summary>The class in which it works where the campaign names none.</summary>
    [JsonIgnore]
    public OfferClass OwnClass => this switch
    {
        FixedPrice or Bundle or BuyXGetY or AmountOff { Per: AmountPer.Unit } => OfferClass.Item,
        FreeShipping => OfferClass.Shipping,
        _ => OfferClass.Order,
    };
}

/// <summary>满减: the highest tier reached, only that one; or, with <see cref="Every"/>, 每满减.</summary>
public sealed record FullReduction : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "fullReduction";

    /// <summary>One to ten tiers, ascending by spend; empty when <see cref="Every"/> is set.</summary>
    public IReadOnlyList<SpendTier> Tiers { get; init; } = [];

    /// <summary>Every so many major units spent ...</summary>
    public decimal? Every { get; init; }

    /// <summary>... this much comes off ...</summary>
    public decimal? Off { get; init; }

    /// <summary>... at most so many times; null for no limit.</summary>
    public int? MaxTimes { get; init; }

    /// <summary>Says that a tier may take off more than its spend.</summary>
    public bool AllowFree { get; init; }

    /// <inheritdoc/>
    public bool Equals(FullReduction? other) => other is not null && Every == other.Every && Off == other.Off && MaxTimes == other.MaxTimes
        && AllowFree == other.AllowFree && Tiers.SequenceEqual(other.Tiers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Every, Off, MaxTimes, Tiers.Count);
}

/// <summary>From this spend (inclusive), this much comes off.</summary>
public sealed record SpendTier(decimal Spend, decimal Off);

/// <summary>满折: percent off the eligible sum from a spend on.</summary>
public sealed record PercentOff : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "percentOff";

    /// <summary>Tiers ascending by spend.</summary>
    public IReadOnlyList<PercentTier> Tiers { get; init; } = [];

    /// <summary>The most that comes off.</summary>
    public decimal? Cap { get; init; }
}

/// <summary>From this spend (none: any), so many percent off.</summary>
public sealed record PercentTier(decimal? Spend, decimal Percent);

/// <summary>包邮: shipping is free from a spend on.</summary>
public sealed record FreeShipping : Offer
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Type => "freeShipping";

    /// <summary>From this spend; null for any.</summary>
    public decimal? Spend { get; init; }

    /// <summary>At most so much of the shipping.</summary>
    public decimal? Cap { get; init; }

    /// <summary>Only while every line of the cart is in the campaign's scope.</summary>
    public bool OnlyIfAllInScope { get; init; }
}
