using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Engine.Uplift;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>A version is not put in the place of a better one without a word.</summary>
public sealed class PromoteQuestionTests(WebApp app) : IClassFixture<WebApp>
{
    [Theory]
    [InlineData(0.95)]
    [InlineData(0.5)]
    [InlineData(0.11)]
    public async Task May_ChampionNotBetterBeyondDoubt_GoesOnWithoutAsking(double probability)
    {
        await using var circuit = new ACircuit(app, Actor.Of("ada", "Ada", Roles.Admin));
        Assert.True(await circuit.Services.GetRequiredService<PromoteQuestion>().MayAsync(Compared(probability)));
        Assert.True(await circuit.Services.GetRequiredService<PromoteQuestion>().MayAsync(null));
    }

    [Theory]
    [InlineData("dialog-confirm", true)]
    [InlineData(null, false)]
    public async Task May_ChampionBetter_AsksAndDoesWhatThePersonSays(string? button, bool goesOn)
    {
        await using var circuit = new ACircuit(app, Actor.Of("ada", "Ada", Roles.Admin));
        var asked = circuit.Dialogs.InvokeAsync(() => circuit.Services.GetRequiredService<PromoteQuestion>().MayAsync(Compared(0.03)));
        var text = circuit.Dialogs.WaitForElement("#dialog-confirm").Closest(".mud-dialog")!.TextContent;
        Assert.Contains("Version 4, which is in use, ranks customers better in 97% of the draws (mail)", text, StringComparison.Ordinal);
        if (button is null)
            circuit.Dialogs.FindAll(".mud-dialog-actions button")[0].Click();
        else
            circuit.Dialogs.Find("#" + button).Click();
        Assert.Equal(goesOn, await asked);
    }

    private static ModelComparison Compared(double probability)
    {
        var paired = new PairedDifference(0.1, 0.1, new Estimate(0, -0.1, 0.1), probability);
        var arm = new ComparedArm("mail", 1000, 500, new PairedComparison(paired, paired, paired, paired), [], []);
        return new ModelComparison(Version(4, inUse: true), Version(5, inUse: false), [arm], null);
    }

    private static ModelDetail Version(int number, bool inUse) => new(
        new ModelRow(Guid.NewGuid(), number, ModelVersion.ShopScope, null, "", "converted", "binary", "t", 1, 1000,
            null, null, DateTime.UnixEpoch, 1, null, inUse, null!), null, null);
}
