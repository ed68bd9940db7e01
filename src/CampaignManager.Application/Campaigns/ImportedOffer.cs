using System.Globalization;
using System.Text.RegularExpressions;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Campaigns;

/// <summary>What a past campaign gave, from the words its source has for it: <c>200-30</c>, <c>满200减30</c>, <c>20% off</c>, <c>8折</c>, <c>free shipping</c>, <c>包邮</c>.</summary>
public static partial class ImportedOffer
{
    /// <summary>What cannot be read is a reduction without steps: it is measured, but no model learns from it.</summary>
    public static Offer Unknown { get; } = new FullReduction();

    public static Offer Read(string? words)
    {
        var text = (words ?? "").Trim();
        if (Steps().Matches(text) is { Count: > 0 } steps)
        {
            List<SpendTier> tiers = [.. steps.Select(m => new SpendTier(Number(m, "spend"), Number(m, "off"))).OrderBy(t => t.Spend)];
            return tiers.All(t => t.Off > 0 && t.Off < t.Spend) ? new FullReduction { Tiers = tiers } : Unknown;
        }

        if (Percent().Match(text) is { Success: true } percent && Number(percent, "off") is > 0 and < 100 and var off)
            return new PercentOff { Tiers = [new PercentTier(percent.Groups["spend"].Success ? Number(percent, "spend") : null, off)] };
        if (Tenths().Match(text) is { Success: true } tenths && Number(tenths, "left") is > 0 and var left)
            return left < 10 ? new PercentOff { Tiers = [new PercentTier(null, 100 - (10 * left))] } : left < 100 ? new PercentOff { Tiers = [new PercentTier(null, 100 - left)] } : Unknown;
        return Shipping().IsMatch(text) ? new FreeShipping() : Unknown;
    }

    /// <summary>Whether it says what is given, so that it can be learnt from.</summary>
    public static bool IsKnown(Offer offer) => OfferTerms.Knows(offer) && offer is not FullReduction { Every: null, Tiers.Count: 0 };

    private static decimal Number(Match match, string group) =>
        decimal.TryParse(match.Groups[group].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // The minus of a date is none.
    [GeneratedRegex(
        @"(?:满|spend\s+)?\s*(?<![\d.-])(?<spend>\d{1,9}(?:\.\d+)?)\s*(?:减|-|−|–|(?:,|and)?\s*(?:get|save)\s+)\s*(?<off>\d{1,9}(?:\.\d+)?)(?![\d.%-])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Steps();

    [GeneratedRegex(@"(?<off>\d{1,2}(?:\.\d+)?)\s*(?:%|percent)(?:\s*off)?(?:\s*(?:from|over)\s*(?<spend>\d{1,9}(?:\.\d+)?))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Percent();

    [GeneratedRegex(@"(?<left>\d{1,2}(?:\.\d+)?)\s*折", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Tenths();

    [GeneratedRegex("free\\s*shipping|包邮|免邮|免运费", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shipping();
}
