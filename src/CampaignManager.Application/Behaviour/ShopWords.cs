using System.Globalization;

namespace CampaignManager.Application.Behaviour;

/// <summary>A text in both languages of the app.</summary>
public sealed record BothLanguages(string En, string Zh)
{
    /// <summary>Chinese for any <c>zh</c> culture, English otherwise.</summary>
    public string In(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh" ? Zh : En;
}

/// <summary>What the categories that the app ships are called; a shop's own keys speak for themselves.</summary>
public static class KnownCategories
{
    private static readonly Dictionary<string, BothLanguages> Names = new(StringComparer.Ordinal)
    {
        ["baby"] = new("Baby", "母婴"),
        ["beauty"] = new("Beauty", "美妆"),
        ["books"] = new("Books", "图书"),
        ["electronics"] = new("Electronics", "数码"),
        ["food"] = new("Food", "食品"),
        ["garden"] = new("Garden", "园艺"),
        ["home"] = new("Home", "家居"),
        ["kitchen"] = new("Kitchen", "厨具"),
        ["pets"] = new("Pets", "宠物"),
        ["shoes"] = new("Shoes", "鞋靴"),
        ["sports"] = new("Sports", "运动"),
        ["toys"] = new("Toys", "玩具"),
    };

    /// <summary>All keys.</summary>
    public static IEnumerable<string> Keys => Names.Keys;

    public static BothLanguages NameOf(string key) => Names.TryGetValue(key, out var name) ? name : new BothLanguages(key, key);
}
