using System.Globalization;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.FirstSteps;

/// <summary>The offer that is weighed, as it was typed. Money in major units of the orders' currency.</summary>
/// <param name="Spend">Order value to reach; null or 0 asks for none.</param>
/// <param name="Off">What comes off; of this and <paramref name="Percent"/> exactly one.</param>
/// <param name="Percent">Percent that comes off.</param>
/// <param name="Days">The days in which orders count.</param>
/// <param name="ContactCost">Cost of telling a customer.</param>
/// <param name="MarginPercent">Gross margin in percent of the price; null takes what the shop's data say.</param>
/// <param name="Segment">Key of the segment that gets it; null for everybody.</param>
public sealed record OfferQuestion(
    decimal? Spend, decimal? Off, decimal? Percent, int Days = 14, decimal ContactCost = 0, decimal? MarginPercent = null, string? Segment = null)
{
    public const int MostDays = 90;

    /// <summary>What is wrong with it, by field.</summary>
    public IReadOnlyDictionary<string, string[]> Check()
    {
        Dictionary<string, string[]> errors = [];
        if (Off is null == Percent is null)
            errors["off"] = ["Say either an amount off or a percentage off."];
        if (Spend is < 0 or > 1_000_000_000)
            errors["spend"] = ["The order value to reach is 0 or more."];
        if (Off is <= 0 or > 1_000_000_000)
            errors["off"] = ["The amount off is above 0."];
        else if (Off is not null && !(Spend > Off))
            errors["off"] = ["The amount off must be below the order value to reach."];
        if (Percent is <= 0 or >= 100)
            errors["percent"] = ["A percentage off lies between 0 and 100."];
        if (Days is < 1 or > MostDays)
            errors["days"] = [string.Create(CultureInfo.InvariantCulture, $"Orders count for 1 to {MostDays} days.")];
        if (ContactCost is < 0 or > 1_000_000)
            errors["contactCost"] = ["The cost of telling a customer is 0 or more."];
        if (MarginPercent is <= 0 or > 100)
            errors["margin"] = ["A margin lies above 0 and is at most 100 %."];
        return errors;
    }

    public Offer ToOffer() => Percent is { } percent
        ? new PercentOff { Tiers = [new PercentTier(Spend is > 0 ? Spend : null, percent)] }
        : new FullReduction { Tiers = [new SpendTier(Spend!.Value, Off!.Value)] };
}
