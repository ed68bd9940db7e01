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
        await Shop.ModelAsync();
        await OpenCampaignAsync(Roles.Marketer);
        await See(Page.Locator("#do-approve")).ToHaveCountAsync(0);
        await SubmitAsync();

        // Sent too early: the editor says what state it is in, and takes it back.
        await GoAsync(new Uri(Page.Url).AbsolutePath + "/edit");
        await See(Page.GetByText("In review: it cannot be edited now")).ToBeVisibleAsync();
        await Page.Locator("#withdraw-edit").ClickAsync();
        await See(Page.Locator("#step-title")).ToBeVisibleAsync();
        await Page.Locator("#leave").ClickAsync();
        await StatusAsync("Draft");
        await SubmitAsync();

        await OpenAsync();
        await SignInAsync(Roles.Manager);
        await FollowTheBellAsync();
        // Rules, forecast and clashes are where the approver lands.
        await See(Page.Locator("#review .tile-figure").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await See(Page.Locator("#review-clashes")).ToBeVisibleAsync();
        await See(Page.Locator("#rules-title")).ToBeVisibleAsync();
        await Page.Locator("#do-reject").ClickAsync();
        await Page.Locator("#dialog-comment").FillAsync("Say why now.");
        await Page.Locator("#dialog-confirm").ClickAsync();
        await StatusAsync("Draft");

        await OpenAsync();
        await SignInAsync(Roles.Marketer);
        await FollowTheBellAsync();
        await See(Page.GetByText("Say why now.").First).ToBeVisibleAsync();
        await SubmitAsync();

        await OpenAsync();
        await SignInAsync(Roles.Manager);
        await FollowTheBellAsync();
        await Page.Locator("#do-approve").ClickAsync();
        await See(Page.Locator(".mud-dialog")).ToContainTextAsync(await Page.Locator("#review-start").InnerTextAsync());
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

    /// <summary>The button in the head leads to the checklist, which says what stands out before a manager is asked.</summary>
    private async Task SubmitAsync()
    {
        await Page.Locator("#do-submit").ClickAsync();
        await See(Page.Locator("#step-title")).ToContainTextAsync("Checklist");
        await Page.Locator("#save-submit").ClickAsync();
        await StatusAsync("In review");
    }

    private async Task FollowTheBellAsync()
    {
        await Page.Locator(".bell").ClickAsync();
        await Page.Locator(".bell-unread").Filter(new() { HasText = Draft }).First.ClickAsync();
        await See(Page.Locator("h1")).ToContainTextAsync(Draft);
    }

    private Task StatusAsync(string status) => See(Page.Locator(".campaign-strip .status")).ToContainTextAsync(status);
}
