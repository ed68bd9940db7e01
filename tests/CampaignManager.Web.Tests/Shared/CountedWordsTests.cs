using System.Globalization;
using CampaignManager.Web.Overview;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Tests.Shared;

public sealed class CountedWordsTests
{
    [Theory]
    [InlineData("en", 1, 2, "1 open suggestion for 2 campaigns")]
    [InlineData("en", 2, 1, "2 open suggestions for 1 campaign")]
    [InlineData("en", 0, 0, "0 open suggestions for 0 campaigns")]
    [InlineData("zh-CN", 1, 2, "2 个活动有 1 条待处理建议")]
    public void Text_ThatCounts_TakesTheWordForOneWhereItIsOne(string culture, int suggestions, int campaigns, string expected) => In(culture, () =>
        Assert.Equal(expected, Texts()["Suggestions", suggestions, campaigns].Value));

    [Fact]
    public void Text_WhoseFiguresAreText_CountsThemToo() => In("en", () =>
        Assert.StartsWith("Not counted yet: 1 campaign with 1,204 customers", Texts()["StillOpen", "1", "1,204", "May 4"].Value, StringComparison.Ordinal));

    private static IStringLocalizer<OverviewTexts> Texts() =>
        new ServiceCollection().AddLogging().AddWords().BuildServiceProvider().GetRequiredService<IStringLocalizer<OverviewTexts>>();

    private static void In(string culture, Action look)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            look();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
