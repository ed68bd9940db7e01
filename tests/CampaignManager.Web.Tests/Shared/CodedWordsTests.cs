using System.Globalization;
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
