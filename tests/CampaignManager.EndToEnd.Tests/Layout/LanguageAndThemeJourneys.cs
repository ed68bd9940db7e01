using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Layout;

public sealed class LanguageAndThemeJourneys(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task SwitchLanguage_FromTheMenu_StaysWithTheUser()
    {
        await SignInAsync(Roles.Marketer);
        await OpenMenuAsync("Account");
        await Page.GetByText("简体中文").ClickAsync();
        await See(Heading("概览")).ToBeVisibleAsync();
        await See(Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");

        // Another browser, whose own language is English: the language comes with the account.
        await OpenAsync();
        await Page.GotoAsync("/account/sign-in");
        await SubmitSignInAsync("marketer@demo", CampaignManager.Web.Access.AccountPreparation.DemoPassword);
        await ReadyAsync();
        await See(Heading("概览")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task DarkTheme_FromTheMenu_SurvivesReloadAndSignIn()
    {
        await SignInAsync(Roles.Marketer);
        Assert.True(await BrightnessAsync() > 0.8);
        await OpenMenuAsync("Account");
        await Page.RunAndWaitForResponseAsync(
            () => Page.GetByText("Dark theme").ClickAsync(),
            response => response.Url.EndsWith("/account/preferences", StringComparison.Ordinal));
        await See(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        await GoAsync("/");
        await See(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.True(await BrightnessAsync() < 0.2);
    }

    [Fact]
    public async Task SignInPage_ChineseBrowser_SpeaksChinese()
    {
        await OpenAsync(culture: "zh-CN");
        await Page.GotoAsync("/account/sign-in");
        await See(Page.GetByRole(AriaRole.Heading, new() { Name = "登录" })).ToBeVisibleAsync();
    }

    private async Task OpenMenuAsync(string name) => await Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    /// <summary>Mean of the page background's channels, 0 black .. 1 white.</summary>
    private Task<double> BrightnessAsync() => Page.EvaluateAsync<double>(
        "() => getComputedStyle(document.querySelector('.mud-layout')).backgroundColor === 'rgba(0, 0, 0, 0)' " +
        "? mean(getComputedStyle(document.body).backgroundColor) : mean(getComputedStyle(document.querySelector('.mud-layout')).backgroundColor);" +
        "function mean(c) { const n = c.match(/\\d+/g).slice(0, 3).map(Number); return (n[0] + n[1] + n[2]) / 765; }");
}
