using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Accounts;

public sealed class SignInJourneys(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private ILocator Navigation => Page.Locator("nav.app-nav");

    [Theory]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Manager)]
    public async Task SignIn_Staff_SeesTheRoomsButNotTheAdmins(string role)
    {
        await SignInAsync(role);
        await See(Heading("Overview")).ToBeVisibleAsync();
        foreach (var room in (string[])["Overview", "Campaigns", "Audiences", "Data", "Models", "Training"])
            await See(Link(room)).ToBeVisibleAsync();
        foreach (var room in (string[])["Schedules", "Users", "API keys"])
            await See(Link(room)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task SignIn_Admin_SeesTheAdminsRoomsToo()
    {
        await SignInAsync(Roles.Admin);
        foreach (var room in (string[])["Overview", "Campaigns", "Schedules", "Users", "API keys"])
            await See(Link(room)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysSoAndKeepsTheAddress()
    {
        await Page.GotoAsync("/account/sign-in");
        await SubmitSignInAsync("marketer@demo", "not-the-password");
        await See(Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await See(Page.Locator("#email")).ToHaveValueAsync("marketer@demo");
        await Page.GotoAsync("/");
        await See(Page).ToHaveURLAsync(new Regex("/account/sign-in"));
    }

    [Fact]
    public async Task SignIn_FromADeepLink_LeadsBackToIt()
    {
        await SignInAsync(Roles.Marketer, path: "/campaigns?status=draft");
        await See(Page).ToHaveURLAsync(new Regex("/campaigns\\?status=draft$"));
        await See(Heading("Campaigns")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOut_FromTheMenu_EndsTheSession()
    {
        await SignInAsync(Roles.Manager);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Account" }).ClickAsync();
        await Page.GetByText("Sign out").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/account/sign-in"));
        await Page.GotoAsync("/");
        await See(Page).ToHaveURLAsync(new Regex("/account/sign-in"));
    }

    [Fact]
    public async Task SignOut_InOneTab_LeadsTheOtherToTheSignIn()
    {
        await SignInAsync(Roles.Admin, path: "/users");
        await See(Heading("Users")).ToBeVisibleAsync();
        var other = await Page.Context.NewPageAsync();
        await other.GotoAsync("/");
        await other.GetByRole(AriaRole.Button, new() { Name = "Account" }).ClickAsync();
        await other.GetByText("Sign out").ClickAsync();
        await See(other).ToHaveURLAsync(new Regex("/account/sign-in"));
        await See(Page).ToHaveURLAsync(new Regex("/account/sign-in\\?returnUrl=%2Fusers$"));
    }

    [Fact]
    public async Task UnknownAddress_SignedIn_ShowsTheWayBack()
    {
        await SignInAsync(Roles.Marketer);
        ExpectFault("status of 404");
        await GoAsync("/no-such-page");
        await See(Page.GetByText("Page not found")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Back to the start page" }).ClickAsync();
        await See(Heading("Overview")).ToBeVisibleAsync();
    }

    private ILocator Link(string name) => Navigation.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });
}
