using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Engine.Offers;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

/// <summary>What segments and categories are called in the reader's language; a key of the shop's own that has no text is shown as it is.</summary>
public sealed class ShopNames(IStringLocalizer<ShopTexts> texts, AudienceNames? own = null)
{
    private const string Total = "total";

    public string Segment(string key) => key == Total ? texts["segment.total"] : own?.Name(key) ?? KnownSegments.Find(key).Name.In(CultureInfo.CurrentUICulture);

    /// <summary>Who is in a segment.</summary>
    public string Meaning(string key) => own?.Sentence(key, CultureInfo.CurrentUICulture, OfPredicates) ?? KnownSegments.Find(key).Means.In(CultureInfo.CurrentUICulture);

    /// <summary>A sales channel as carts and customers name it.</summary>
    public string Channel(string key) => Known("channel." + key, key);

    public string Region(string key) => Known("region." + key, key);

    /// <summary>A time zone by its IANA name.</summary>
    public string TimeZone(string id) => Known("zone." + id, id);

    /// <summary>A member tier as the shop's customers carry it.</summary>
    public string Tier(string key) => Known("tier." + key, key);

    /// <summary>All that an audience's rules name, for their sentence.</summary>
    public PredicateWords OfPredicates => new() { Category = Category, Segment = Segment, Region = Region, Channel = Channel, Tier = Tier };

    /// <summary>All that rules name, for their lines in words.</summary>
    public RuleNames OfRules => new(Category, Segment) { Channel = Channel, Region = Region, TimeZone = TimeZone };

    public string Category(string key) => KnownCategories.NameOf(key).In(CultureInfo.CurrentUICulture);

    private string Known(string name, string key) => texts[name] is { ResourceNotFound: false } text ? text.Value : key;
}
