using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Overview;

public sealed class LoopJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Loop_AManagerLooks_SeesEachStageAndGoesToItsPage()
    {
        await Shop.StockedAsync();
        await SignInAsync(Roles.Manager);
        await Page.GetByRole(AriaRole.Link, new() { Name = "The loop" }).ClickAsync();
        await See(Heading("The loop at a glance")).ToBeVisibleAsync();
        await See(Page.Locator("#loop > li[data-stage]")).ToHaveCountAsync(8, new() { Timeout = 60_000 });
        await See(Stage("Data")).ToContainTextAsync(new Regex(@"[\d,]+ orders"));
        await See(Stage("Results")).ToContainTextAsync(new Regex(@"\d+ campaigns measured"));
        // A manager starts no jobs.
        await See(Page.Locator("#loop button")).ToHaveCountAsync(0);
        await Stage("Models").GetByRole(AriaRole.Link, new() { Name = "Models" }).ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/models$"));
    }

    [Fact]
    public async Task Loop_ForAMarketer_IsClosed()
    {
        await SignInAsync(Roles.Marketer);
        await See(Page.GetByRole(AriaRole.Link, new() { Name = "The loop" })).ToHaveCountAsync(0);
        await Page.GotoAsync("/loop");
        await See(Page).ToHaveURLAsync(new Regex("/account/denied"));
    }

    private ILocator Stage(string stage) => Page.Locator($"[data-stage={stage}]");
}
