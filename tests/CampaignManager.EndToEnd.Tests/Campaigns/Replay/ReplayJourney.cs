using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Campaigns.Replay;

public sealed class ReplayJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private const string Draft = "Tea time";

    [Fact]
    public async Task Draft_ReplayedOnTheDemoShop_ShowsCostThresholdsAndIsThereWhenOpenedAgain()
    {
        await Shop.StockedAsync();
        await SignInAsync(Roles.Marketer, path: "/campaigns");
        await Page.GetByRole(AriaRole.Link, new() { Name = Draft }).First.ClickAsync();
        await See(Page.Locator("h1")).ToContainTextAsync(Draft);
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Replay" }).ClickAsync();
        await Page.Locator(".replay-head .mud-toggle-item").Filter(new() { HasText = "90 days" }).ClickAsync();
        await Page.Locator(".replay-start").ClickAsync();

        var cost = Page.Locator("#replay-discount");
        await See(cost).ToContainTextAsync("¥", new() { Timeout = 90_000 });
        await See(Page.Locator(".chart-canvas[data-drawn] svg")).ToBeVisibleAsync();
        await See(Page.Locator("section[aria-labelledby=replay-thresholds] tbody tr").First).ToContainTextAsync("¥");
        await See(Page.Locator("section[aria-labelledby=replay-categories] tbody tr").First).ToBeVisibleAsync();
        await See(Page.Locator(".replay-notes")).ToContainTextAsync("Nobody buys more, less or otherwise");
        var found = await cost.InnerTextAsync();

        // The chart is a table too.
        await Page.Locator(".chart-tools button").First.ClickAsync();
        await See(Page.Locator(".chart-table tbody tr").First).ToBeVisibleAsync();

        // Back another day: nothing has to be priced again.
        await Page.ReloadAsync();
        await ReadyAsync();
        await Page.Locator(".replay-head .mud-toggle-item").Filter(new() { HasText = "90 days" }).ClickAsync();
        await See(cost).ToHaveTextAsync(found);
    }
}
