using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>The numbers of an offer that a marketer turns: its first threshold and what comes off there.</summary>
public static class OfferKnobs
{
    /// <summary>Spend to reach.</summary>
    public const string Threshold = "Threshold";

    /// <summary>What comes off.</summary>
    public const string Off = "Off";

    private static readonly decimal[] Factors = [0.4m, 0.5m, 0.6m, 0.7m, 0.8m, 0.9m, 1m, 1.1m, 1.25m, 1.4m, 1.6m, 1.8m, 2m];

    /// <summary>Which of the two an offer has.</summary>
    public static IReadOnlyList<string> Of(Offer offer) => offer switch
    {
        FullReduction { Every: not null } or FullReduction { Tiers.Count: > 0 } => [Threshold, Off],
        FreeShipping { Spend: not null } => [Threshold],
        _ => [],
    };

    /// <summary>Its value now, major units; null when the offer has none.</summary>
    public static decimal? Value(Offer offer, string knob) => (offer, knob) switch
    {
        (FullReduction { Every: { } every }, Threshold) => every,
        (FullReduction { Every: not null } each, Off) => each.Off,
        (FullReduction { Tiers: [var first, ..] }, Threshold) => first.Spend,
        (FullReduction { Tiers: [var first, ..] }, Off) => first.Off,
        (FreeShipping shipping, Threshold) => shipping.Spend,
        _ => null,
    };

    /// <summary>The campaign with the number at tidy values around today's, ascending; tiers move together, and only offers that can be saved are there.</summary>
    public static IReadOnlyList<(double At, CampaignRules Rules)> Grid(CampaignRules rules, string knob)
    {
        var grid = new SortedDictionary<decimal, CampaignRules>();
        foreach (var factor in Factors)
        {
            var scaled = knob == Threshold ? OfferMoves.Scale(rules, factor, 1) : OfferMoves.Scale(rules, 1, factor);
            if (scaled is not null && Value(scaled, knob) is { } value)
                grid[value] = rules with { Offer = scaled };
        }

        return [.. grid.Select(p => ((double)p.Key, p.Value))];
    }
}
