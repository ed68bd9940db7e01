using System.Globalization;
using CampaignManager.Application.FirstSteps;

namespace CampaignManager.Web.FirstSteps;

/// <summary>The offer that is weighed, in the page's address, so that a link can be shared and Back works.</summary>
public static class FirstStepsLink
{
    public static string To(OfferQuestion q)
    {
        (string Name, string? Value)[] all =
        [
            ("spend", Text(q.Spend)), ("off", Text(q.Off)), ("percent", Text(q.Percent)), ("days", q.Days.ToString(CultureInfo.InvariantCulture)),
            ("contactCost", q.ContactCost == 0 ? null : Text(q.ContactCost)), ("margin", Text(q.MarginPercent)), ("segment", q.Segment),
        ];
        return "/first-steps?" + string.Join('&', all.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }

    /// <summary>What an address says; without an offer the usual one.</summary>
    public static OfferQuestion Read(string? spend, string? off, string? percent, string? days, string? contactCost, string? margin, string? segment)
    {
        var said = new OfferQuestion(
            Number(spend), Number(off), Number(percent), int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : FirstStepsService.Usual.Days,
            Number(contactCost) ?? 0, Number(margin), string.IsNullOrEmpty(segment) ? null : segment);
        return said is { Off: null, Percent: null } ? said with { Percent = FirstStepsService.Usual.Percent } : said;
    }

    private static decimal? Number(string? text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(decimal? number) => number?.ToString(CultureInfo.InvariantCulture);
}
