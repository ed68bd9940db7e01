using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Web.Campaigns.Wizard;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Tests.Campaigns;

public sealed class ClashSentencesTests
{
    [Theory]
    [InlineData("en", "draft")]
    [InlineData("zh-CN", "草稿")]
    public void Clashes_NobodyMeets_SaysDraftsOnlyWhereTheyWereLookedAt(string culture, string drafts)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        var texts = new ServiceCollection().AddLogging().AddWords().BuildServiceProvider().GetRequiredService<IStringLocalizer<WizardTexts>>();
        Assert.Contains(drafts, texts.Clashes(new OverlapReport([], 3, Drafts: true)), StringComparison.Ordinal);
        Assert.DoesNotContain(drafts, texts.Clashes(new OverlapReport([], 3)), StringComparison.Ordinal);
    }
}
