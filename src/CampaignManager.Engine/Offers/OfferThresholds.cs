namespace CampaignManager.Engine.Offers;

/// <summary>What an offer asks for before it gives anything.</summary>
public static class OfferThresholds
{
    /// <summary>The spends from which it gives, or gives more, ascending, major units; 0 where any will do; empty where it does not ask for a spend.</summary>
    public static IReadOnlyList<decimal> Spends(this Offer offer) => offer switch
    {
        FullReduction { Every: { } every } => [every],
        FullReduction reduction => [.. reduction.Tiers.Select(t => t.Spend)],
        PercentOff percent => [.. percent.Tiers.Select(t => t.Spend ?? 0)],
        Gift gift => [.. gift.Tiers.Select(t => t.Spend).OfType<decimal>()],
        FreeShipping shipping => [shipping.Spend ?? 0],
        _ => [],
    };

    /// <summary>The same in units of goods.</summary>
    public static IReadOnlyList<int> Units(this Offer offer) => offer switch
    {
        QuantityDiscount quantity => [.. quantity.Tiers.Select(t => t.Quantity)],
        Gift gift => [.. gift.Tiers.Select(t => t.Quantity).OfType<int>()],
        _ => [],
    };

    /// <summary>How often its one threshold may be reached; 1 where reaching it again gives nothing more.</summary>
    public static int Times(this Offer offer) => offer switch
    {
        FullReduction { Every: not null } reduction => reduction.MaxTimes ?? int.MaxValue,
        Gift { PerTimes: true } => int.MaxValue,
        _ => 1,
    };
}
