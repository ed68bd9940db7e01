using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Settings;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Settings;

public sealed class SettingsPageTests : IAsyncLifetime
{
    private static readonly Actor Ada = Actor.Of("ada", "Ada", Roles.Admin);
    private readonly WebApp app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SettingsService Settings => app.Services.GetRequiredService<SettingsService>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Page_Unchanged_ShowsWhatHoldsAndOffersNothingToSave()
    {
        await using var circuit = new ACircuit(app, Ada);
        var page = Open(circuit);

        Assert.Equal(("30", "10"), (page.Find("#store-margin").GetAttribute("value"), page.Find("#shipping").GetAttribute("value")));
        Assert.True(page.Find("#save-settings").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Page_MarginAndShippingChanged_AreSaved()
    {
        await using var circuit = new ACircuit(app, Ada);
        var page = Open(circuit);
        page.Find("#store-margin").Input("42.5");
        page.Find("#shipping").Input("8.5");
        page.WaitForAssertion(() => Assert.False(page.Find("#save-settings").HasAttribute("disabled")));
        await page.PressAsync("#save-settings");

        page.WaitForAssertion(() => Assert.True(page.Find("#save-settings").HasAttribute("disabled")));
        var now = await Settings.GetAsync(Cancel);
        Assert.Equal((42.5m, 850L, "CNY", 2), (now.StoreMarginPercent, now.ShippingMinor, now.Currency, now.Version));
    }

    [Theory]
    [InlineData("#store-margin", "120", "A percentage between 0 and 100.")]
    [InlineData("#store-margin", "", "A percentage between 0 and 100.")]
    [InlineData("#shipping", "-1", "Zero or more")]
    public async Task Page_WrongFigure_IsSaidBesideTheFieldAndNothingIsSaved(string field, string typed, string sentence)
    {
        await using var circuit = new ACircuit(app, Ada);
        var page = Open(circuit);
        page.Find(field).Input(typed);
        page.WaitForAssertion(() => Assert.False(page.Find("#save-settings").HasAttribute("disabled")));
        await page.PressAsync("#save-settings");

        page.WaitForAssertion(() => Assert.Contains(sentence, page.Find(".mud-input-helper-text.mud-input-error").TextContent, StringComparison.Ordinal));
        Assert.Equal(1, (await Settings.GetAsync(Cancel)).Version);
    }

    [Fact]
    public async Task Page_ChangedBySomebodyElse_SaysSoAndLoadsAgain()
    {
        await using var circuit = new ACircuit(app, Ada);
        var page = Open(circuit);
        Assert.True((await Settings.SaveAsync(new SettingsChange("CNY", "Asia/Shanghai", 25, 10, ConflictResolution.Priority), null, Ada, Cancel)).Succeeded);
        page.Find("#store-margin").Input("50");
        page.WaitForAssertion(() => Assert.False(page.Find("#save-settings").HasAttribute("disabled")));
        await page.PressAsync("#save-settings");

        await page.PressAsync("#reload-settings");
        page.WaitForAssertion(() => Assert.Equal("25", page.Find("#store-margin").GetAttribute("value")));
        Assert.Equal(25, (await Settings.GetAsync(Cancel)).StoreMarginPercent);
    }

    [Fact]
    public async Task Save_ByAManager_IsForbidden()
    {
        var saved = await Settings.SaveAsync(new SettingsChange("CNY", "Asia/Shanghai", 25, 10, ConflictResolution.Priority), null, Actor.Of("max", "Max", Roles.Manager), Cancel);

        Assert.Equal("forbidden", saved.Failure?.Code);
        Assert.Equal(30, (await Settings.GetAsync(Cancel)).StoreMarginPercent);
    }

    private static IRenderedComponent<SettingsPage> Open(ACircuit circuit)
    {
        var page = circuit.Render<SettingsPage>();
        page.WaitForElement("#store-margin");
        return page;
    }
}
