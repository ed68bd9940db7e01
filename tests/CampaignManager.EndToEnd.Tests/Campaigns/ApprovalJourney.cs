using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Campaigns;

public sealed class ApprovalJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private const string Draft = "Tea time";

    [Fact]
    public async Task Draft_SubmittedByItsMarketer_IsSentBackThenApprovedAndLaunchedByAManager()
    {
        await Shop.StockedAsync();
        await OpenCampaignAsync(Roles.Marketer);
        await See(Page.Locator("#do-approve")).ToHaveCountAsync(0);
        await Page.Locator("#do-submit").ClickAsync();
        await StatusAsync("In review");

        await OpenAsync();
        await SignInAsync(Roles.Manager);
        await FollowTheBellAsync();
        await Page.Locator("#do-reject").ClickAsync();
        await Page.Locator("#dialog-comment").FillAsync("Say why now.");
        await Page.Locator("#dialog-confirm").ClickAsync();
        await StatusAsync("Draft");

        await OpenAsync();
        await SignInAsync(Roles.Marketer);
        await FollowTheBellAsync();
        await See(Page.GetByText("Say why now.").First).ToBeVisibleAsync();
        await Page.Locator("#do-submit").ClickAsync();
        await StatusAsync("In review");

        await OpenAsync();
        await SignInAsync(Roles.Manager);
        await FollowTheBellAsync();
        await Page.Locator("#do-approve").ClickAsync();
        await Page.Locator("#dialog-confirm").ClickAsync();
        await StatusAsync("Approved");
        await Page.Locator("#do-launch").ClickAsync();
        await Page.Locator("#dialog-confirm").ClickAsync();
        await StatusAsync("Live");
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Activity" }).ClickAsync();
        await See(Page.Locator(".activity li").Filter(new() { HasText = "Say why now." })).ToBeVisibleAsync();
    }

    private async Task OpenCampaignAsync(string role)
    {
        await SignInAsync(role, path: "/campaigns");
        await Page.GetByRole(AriaRole.Link, new() { Name = Draft }).First.ClickAsync();
        await See(Page.Locator("h1")).ToContainTextAsync(Draft);
    }

    private async Task FollowTheBellAsync()
    {
        await Page.Locator(".bell").ClickAsync();
        await Page.Locator(".bell-unread").Filter(new() { HasText = Draft }).First.ClickAsync();
        await See(Page.Locator("h1")).ToContainTextAsync(Draft);
    }

    private Task StatusAsync(string status) => See(Page.Locator(".campaign-strip .status")).ToContainTextAsync(status);
}
