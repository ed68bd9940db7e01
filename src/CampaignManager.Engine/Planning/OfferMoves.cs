using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>Other thresholds and discounts on a grid of numbers that look well on a banner.</summary>
public static class OfferMoves
{
    private static readonly decimal[] ThresholdFactors = [0.5m, 0.75m, 1m, 1.25m, 1.5m, 2m];
    private static readonly decimal[] OffFactors = [0.5m, 0.67m, 0.8m, 1m, 1.25m, 1.5m];

    /// <summary>All neighbours of a campaign's offer; none for mechanics without threshold or discount.</summary>
    public static IReadOnlyList<CampaignMove> Grid(CampaignRules rules)
    {
        var offers = new List<Offer>();
        foreach (var threshold in ThresholdFactors)
        {
            foreach (var off in OffFactors)
            {
                if (Scale(rules, threshold, off) is { } scaled && !scaled.Equals(rules.Offer) && !offers.Contains(scaled))
                    offers.Add(scaled);
            }
        }

        return [.. offers.Select(offer => new CampaignMove(MoveKind.ChangeOffer, null, [], offer, rules with { Offer = offer }))];
    }

    /// <summary>
    /// A tidy amount near a value: steps of 1, 5, 10, 20, 50 or 100 by its size, never zero; a hundred times as much in currencies without
    /// digits after the point, whose unit is worth about as little as a cent.
    /// </summary>
    /// <param name="value">Major units.</param>
    /// <param name="currency">ISO code of them; unknown ones count as having digits.</param>
    public static decimal Tidy(decimal value, string currency = "")
    {
        if (Currency.TryGet(currency, out var known) && known.FractionDigits == 0)
            return Tidy(value / 100) * 100;
        var step = value switch
        {
            < 10 => 1m,
            < 50 => 5m,
            < 200 => 10m,
            < 500 => 20m,
            < 2_000 => 50m,
            _ => 100m,
        };
        return Math.Max(step, Math.Round(value / step, MidpointRounding.AwayFromZero) * step);
    }

    internal static Offer? Scale(CampaignRules rules, decimal threshold, decimal off)
    {
        decimal Change(decimal value, decimal factor) => factor == 1 ? value : Tidy(value * factor, rules.Currency);
        switch (rules.Offer)
        {
            case FullReduction { Every: { } every, Off: { } each } repeated:
                var scaled = repeated with { Every = Change(every, threshold), Off = Change(each, off) };
                return scaled.Off < scaled.Every ? scaled : null;
            case FullReduction tiers:
                var steps = tiers.Tiers.Select(t => new SpendTier(Change(t.Spend, threshold), Change(t.Off, off))).ToArray();
                var ascending = steps.Zip(steps.Skip(1)).All(p => p.First.Spend < p.Second.Spend && p.First.Off < p.Second.Off);
                return ascending && steps.All(t => t.Off < t.Spend) ? tiers with { Tiers = steps } : null;
            case FreeShipping { Spend: { } spend } shipping when off == 1:
                return shipping with { Spend = Change(spend, threshold) };
            default:
                return null;
        }
    }
}
