using System.Collections;
using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CampaignManager.Web.Tests.Jobs;

namespace CampaignManager.Web.Tests.Localization;

/// <summary>Both languages are complete: the same keys, the same placeholders, nothing empty.</summary>
public sealed partial class TextsTests
{
    public static TheoryData<string> Features()
    {
        var data = new TheoryData<string>();
        foreach (var type in typeof(Program).Assembly.GetTypes().Where(IsTexts))
            data.Add(type.FullName!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Features))]
    public void Texts_EnglishAndChinese_HaveTheSameKeysAndPlaceholders(string name)
    {
        var english = Read(name, CultureInfo.InvariantCulture);
        var chinese = Read(name, CultureInfo.GetCultureInfo("zh-CN"));
        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(), chinese.Keys.Order());
        foreach (var (key, text) in english)
        {
            Assert.False(string.IsNullOrWhiteSpace(text), $"{key} is empty in English");
            Assert.False(string.IsNullOrWhiteSpace(chinese[key]), $"{key} is empty in Chinese");
            Assert.True(Placeholders(text).SetEquals(Placeholders(chinese[key])), $"{key}: '{text}' and '{chinese[key]}' do not take the same values");
        }
    }

    [Fact]
    public void MudTexts_EveryKeyOfTheLibrary_IsTranslated()
    {
        var library = new ResourceManager("MudBlazor.Resources.LanguageResource", typeof(MudBlazor.MudButton).Assembly)
            .GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!;
        var ours = Read(typeof(CampaignManager.Web.Localization.MudTexts).FullName!, CultureInfo.GetCultureInfo("zh-CN"));
        Assert.Equal([], library.Cast<DictionaryEntry>().Select(e => (string)e.Key).Except(ours.Keys));
    }

    [Theory]
    [InlineData("")]
    [InlineData("zh-CN")]
    public void JobTexts_EveryStageOfEveryJob_HasWords(string culture)
    {
        var texts = Read(typeof(CampaignManager.Web.Shared.Runs.JobTexts).FullName!, CultureInfo.GetCultureInfo(culture));
        var stages = DeclaredStages.Names.Select(name => "Stage_" + name).Append("Stage_waiting");
        Assert.Equal(stages.Order(StringComparer.Ordinal), texts.Keys.Where(k => k.StartsWith("Stage_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Texts_EveryKeyThatAPageNames_IsThere()
    {
        var types = typeof(Program).Assembly.GetTypes().Where(IsTexts).ToDictionary(t => t.Name);
        var missing =
            from file in Directory.EnumerateFiles(Web(), "*", SearchOption.AllDirectories)
            where file.EndsWith(".razor", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)
            let text = File.ReadAllText(file)
            from Match texts in Injected().Matches(text)
            let keys = Read(types[texts.Groups["texts"].Value].FullName!, CultureInfo.InvariantCulture)
            from Match key in Regex.Matches(text, $@"(?<![\w.]){texts.Groups["name"].Value}\[""(?<key>[^""]+)""[\],]")
            where !keys.ContainsKey(key.Groups["key"].Value)
            select $"{Path.GetFileName(file)}: {key.Groups["key"].Value}";
        Assert.Equal([], missing);
    }

    private static string Web([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "src", "CampaignManager.Web"));

    private static bool IsTexts(Type type) =>
        type.Namespace?.StartsWith("CampaignManager.Web", StringComparison.Ordinal) == true && type.Name.EndsWith("Texts", StringComparison.Ordinal);

    private static Dictionary<string, string> Read(string name, CultureInfo culture)
    {
        var manager = new ResourceManager(name, typeof(Program).Assembly);
        var set = manager.GetResourceSet(culture, createIfNotExists: true, tryParents: false);
        Assert.NotNull(set);
        return set.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "");
    }

    private static HashSet<string> Placeholders(string text) => Placeholder().Matches(text).Select(m => m.Groups[1].Value).ToHashSet();

    [GeneratedRegex(@"@inject IStringLocalizer<(?<texts>\w+)> (?<name>\w+)")]
    private static partial Regex Injected();

    [GeneratedRegex(@"\{(\w+)(?:[:,][^}]*)?\}")]
    private static partial Regex Placeholder();
}
