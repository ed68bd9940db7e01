using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Campaigns.Replay;
using CampaignManager.Web.Data;
using CampaignManager.Web.Hosting;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Shared.Runs;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Tests.Shared;

/// <summary>Kinds and stages of jobs, reasons of carts and of rejected rows: all have words in both languages.</summary>
public sealed class CodedWordsTests : PageOverServices
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Kind_EveryRegisteredJob_HasWordsOfItsOwn(string culture)
    {
        var words = Of<JobWords>(culture);
        var kinds = Context.Services.Where(s => s.IsKeyedService && s.ServiceType == typeof(IJob)).Select(s => (string)s.ServiceKey!).ToList();
        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Check(words.Kind(kind), kind, words.Kind("of-a-later-version"), culture));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Stage_EveryOne_HasWordsOfItsOwn(string culture)
    {
        var words = Of<JobWords>(culture);
        Assert.All(DeclaredStages.Names, stage => Check(words.Stage(stage), stage, words.Stage("of-a-later-version"), culture));
        Check(words.Stage(null), "Stage_waiting", words.Stage("of-a-later-version"), culture);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Reason_EveryOneOfACartAndOfARejectedRow_HasWordsOfItsOwn(string culture)
    {
        var carts = Of<IStringLocalizer<ReplayTexts>>(culture);
        Assert.All(Enum.GetValues<ReasonCode>(), why => Check(carts["Reason." + why.Name()], "Reason.", carts["Reason.other"], culture));
        var rows = Of<DataWords>(culture);
        Assert.All(RejectReason.All, why => Check(rows.Reason(why), why, rows.Reason("of-a-later-version"), culture));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Reason_EveryOneOfAShopsRow_HasWordsOfItsOwn(string culture)
    {
        var words = Of<DataWords>(culture);
        var codes = Regex.Matches(ShopData(), @"FaultException\(""(?<code>[a-z-]+)""|new RejectedRow\([^""]*""(?<code>[a-z]+(-[a-z]+)+)""").Select(m => m.Groups["code"].Value).Distinct().ToList();
        Assert.True(codes.Count > 10, "The reasons of the source are not found any more.");
        Assert.All(codes, why => Check(words.Reason(why), why, words.Reason("of-a-later-version"), culture));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Question_EveryOneOfAnImport_HasWordsOfItsOwn(string culture)
    {
        var words = Of<DataWords>(culture);
        var codes = Regex.Matches(ShopData(), @"ReadingQuestion(?: \w+\([^)]*\) => new)?\(\s*""(?<code>[a-z]+(-[a-z]+)*)""").Select(m => m.Groups["code"].Value).Distinct().ToList();
        Assert.True(codes.Count > 4, "The questions of the source are not found any more.");
        var other = words.Question(new ImportQuestion("of-a-later-version", "", "", []));
        Assert.All(codes, why => Check(words.Question(new ImportQuestion(why, "", "", [])), why, other, culture));
    }

    [Theory]
    [InlineData("en", "In 812 of 12,040 orders", "#1093, 48.00 EUR", "'item-price'")]
    [InlineData("zh-CN", "12,040 个订单中有 812 个", "#1093，48.00 EUR", "“item-price”")]
    public void Asks_WithFigures_SaysThemInTheReadersLanguage(string culture, params string[] parts)
    {
        var words = Of<DataWords>(culture);
        var asked = words.Asks(new ImportQuestion("orders-do-not-add-up", "", "In English.", [])
        {
            Form = "line",
            Facts = ["#1093", "48.00 EUR", "item-price"],
            Counts = [812, 12_040],
        });
        Assert.All(parts, p => Assert.Contains(p, asked, StringComparison.Ordinal));
        Assert.Equal("In English.", words.Asks(new ImportQuestion("orders-do-not-add-up", "", "In English.", [])));
    }

    [Fact]
    public void Asks_EveryQuestionThatFindsSomething_HasWordsInBothLanguages()
    {
        string[] forms = ["", ".line", ".unit", ".other", ".none"];
        var codes = Regex.Matches(ShopData(), @"ReadingQuestion(?: \w+\([^)]*\) => new)?\(\s*""(?<code>[a-z]+(-[a-z]+)*)""").Select(m => m.Groups["code"].Value).Distinct()
            .Where(c => c != "currency-needed").ToList();
        foreach (var culture in (string[])["en", "zh-CN"])
        {
            var words = Of<DataWords>(culture);
            Assert.All(codes, code => Assert.Contains(forms, f => words.Asks(
                new ImportQuestion(code, "", "nobody's words", []) { Form = f.TrimStart('.'), Facts = ["a", "b", "c"], Counts = [1, 2] }) != "nobody's words"));
        }
    }

    private static string ShopData([CallerFilePath] string thisFile = "") => string.Join('\n', Directory.EnumerateFiles(
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "src", "CampaignManager.Application", "ShopData")), "*.cs", SearchOption.AllDirectories)
        .Select(File.ReadAllText));

    private T Of<T>(string culture)
        where T : notnull
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        return Context.Services.GetRequiredService<T>();
    }

    private static void Check(string said, string code, string other, string culture)
    {
        Assert.NotEqual(other, said);
        Assert.False(said.Contains(code, StringComparison.Ordinal) && code.Contains('-', StringComparison.Ordinal), $"'{said}' is a code");
        if (culture == "zh-CN")
            Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", said);
    }
}
