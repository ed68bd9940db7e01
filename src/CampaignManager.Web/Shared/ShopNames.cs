using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared;

/// <summary>What segments and categories are called in the reader's language; a key of the shop's own that has no text is shown as it is.</summary>
public sealed class ShopNames(IStringLocalizer<ShopTexts> texts)
{
    private const string Favourite = "favourite:";

    public string Segment(string key) => key.StartsWith(Favourite, StringComparison.Ordinal)
        ? texts["FavouriteOf", Category(key[Favourite.Length..])]
        : Text("segment." + key, key);

    public string Category(string key) => Text("category." + key, key);

    private string Text(string resource, string key)
    {
        var text = texts[resource];
        return text.ResourceNotFound ? key : text.Value;
    }
}
