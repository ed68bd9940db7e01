using System.Globalization;
using CampaignManager.Application;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Campaigns;

/// <summary>What campaigns are called and how their days, money and refusals read, in the language of the circuit.</summary>
public sealed class CampaignWords(IStringLocalizer<CampaignTexts> texts, ShopNames names)
{
    public RuleNames Names { get; } = names.OfRules;

    private static CultureInfo Culture => CultureInfo.CurrentUICulture;

    public static string Offer(Offer offer, string currency) => OfferSentence.Of(offer, currency, Culture);

    public static string Money(long minor, string currency) => MoneyText.OfMinor(minor, currency, Culture);

    public string Status(CampaignStatus status) => texts["Status." + status];

    public string Error(RuleError error)
    {
        var text = texts["Rule." + error.Code, [.. error.Arguments]];
        return text.ResourceNotFound ? error.Message : text.Value;
    }

    /// <summary>A line of the log or a version's reason, whose code names a text; what is no code is a person's own words.</summary>
    public string Coded(string group, string code)
    {
        var text = texts[$"{group}.{code}"];
        return text.ResourceNotFound ? code : text.Value;
    }

    /// <summary>When a campaign that is approved, or will be, goes live.</summary>
    public string Starts(CampaignView campaign, DateTime now) => campaign.StartsAt switch
    {
        null => texts["GoesLiveByHand"],
        { } start when start <= now => texts[campaign.Status == CampaignStatus.Approved ? "GoesLiveNow" : "GoesLiveAtOnce"],
        { } start => texts["GoesLiveAt", Moments.Moment(start, campaign.Rules.Schedule.TimeZone), Names.TimeZone(campaign.Rules.Schedule.TimeZone)],
    };

    /// <summary>First to last local day; the end is exclusive, so the last day is that of the moment before it.</summary>
    public string Days(DateTime? startUtc, DateTime? endUtc, string zone)
    {
        var start = startUtc is { } from ? Moments.Day(from, zone) : null;
        var end = endUtc is { } to ? Moments.Day(to.AddTicks(-1), zone) : null;
        return (start, end) switch
        {
            (null, null) => texts["FromLaunchOpen"],
            (null, _) => texts["FromLaunchUntil", end],
            (_, null) => texts["FromOn", start],
            _ => start == end ? start : $"{start} – {end}",
        };
    }
}
