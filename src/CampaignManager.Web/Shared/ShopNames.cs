using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Offers;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

/// <summary>What segments and categories are called in the reader's language; a key of the shop's own that has no text is shown as it is.</summary>
public sealed class ShopNames(IStringLocalizer<ShopTexts> texts)
{
    private const string Total = "total";

    public string Segment(string key) => key == Total ? texts["segment.total"] : KnownSegments.Find(key).Name.In(CultureInfo.CurrentUICulture);

    /// <summary>Who is in a segment.</summary>
    public string Meaning(string key) => KnownSegments.Find(key).Means.In(CultureInfo.CurrentUICulture);

    /// <summary>A sales channel as carts and customers name it.</summary>
    public string Channel(string key) => Known("channel." + key, key);

    public string Region(string key) => Known("region." + key, key);

    /// <summary>A time zone by its IANA name.</summary>
    public string TimeZone(string id) => Known("zone." + id, id);

    /// <summary>All that rules name, for their lines in words.</summary>
    public RuleNames OfRules => new(Category, Segment) { Channel = Channel, Region = Region, TimeZone = TimeZone };

    public string Category(string key) => KnownCategories.NameOf(key).In(CultureInfo.CurrentUICulture);

    private string Known(string name, string key) => texts[name] is { ResourceNotFound: false } text ? text.Value : key;
}
