using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

/// <summary>What segments and categories are called in the reader's language; a key of the shop's own that has no text is shown as it is.</summary>
public sealed class ShopNames(IStringLocalizer<ShopTexts> texts)
{
    private const string Total = "total";

    public string Segment(string key) => key == Total ? texts["segment.total"] : KnownSegments.Find(key).Name.In(CultureInfo.CurrentUICulture);

    /// <summary>Who is in a segment.</summary>
    public string Meaning(string key) => KnownSegments.Find(key).Means.In(CultureInfo.CurrentUICulture);

    public string Category(string key) => KnownCategories.NameOf(key).In(CultureInfo.CurrentUICulture);
}
