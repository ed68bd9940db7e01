using System.Globalization;
using Bunit;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift;
using CampaignManager.Web.Shared;
using CampaignManager.Web.Uplift;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CampaignManager.Web.Tests.Uplift;

/// <summary>What is advised where there are several arms.</summary>
public sealed class BestArmPanelTests : BunitContext
{
    private static readonly Estimate Level = new(0.2, 0.18, 0.22), Helps = new(0.05, 0.02, 0.08), Unsure = new(0.01, -0.02, 0.04);

    public BestArmPanelTests()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Services.AddMudServices();
        Services.AddWords();
        Services.AddScoped<ShopNames>();
        Services.AddScoped<UpliftWords>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Advice_ChoosingWins_SaysByHowMuchWithTheUnitOnce() =>
        Assert.Equal("Choosing by customer brings +2.0 pp more [+1.0 .. +3.0 pp].", Advice(new ArmChoice(1, Level, Level, new Estimate(0.02, 0.01, 0.03), [0, 0.5, 0.5]), Helps));

    [Fact]
    public void Advice_NoGainAndTheArmHelps_GivesItToEverybody() =>
        Assert.EndsWith("(difference +0.5 pp [−1.0 .. +2.0 pp]). Give everybody “mail”.", Advice(new ArmChoice(1, Level, Level, new Estimate(0.005, -0.01, 0.02), [0, 0.6, 0.4]), Helps), StringComparison.Ordinal);

    [Fact]
    public void Advice_TheArmIsNotShownToHelp_DoesNotAdviseIt()
    {
        var advice = Advice(new ArmChoice(1, Level, Level, new Estimate(0, 0, 0), [0, 1, 0]), Unsure);
        Assert.Equal("The model would give every customer the same arm: there is nothing to choose by customer. That “mail” helps at all is not shown (average effect +1.0 pp [−2.0 .. +4.0 pp]).", advice);
    }

    [Fact]
    public void Advice_ControlIsBest_TreatsNobody() =>
        Assert.EndsWith("Treat nobody: no arm beats doing nothing.", Advice(new ArmChoice(0, Level, Level, new Estimate(0, -0.01, 0.01), [0.5, 0.5, 0]), null), StringComparison.Ordinal);

    private string Advice(ArmChoice choice, Estimate? effect) => Render<BestArmPanel>(p => p
        .Add(b => b.Choice, choice).Add(b => b.Arms, ["none", "mail", "sms"]).Add(b => b.Outcome, new UpliftOutcome("visit", UpliftOutcome.Binary)).Add(b => b.Effect, effect)).Find(".mud-alert-message").TextContent.Trim();
}
