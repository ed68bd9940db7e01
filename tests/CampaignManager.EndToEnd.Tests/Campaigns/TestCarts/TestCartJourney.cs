using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Campaigns.TestCarts;

public sealed class TestCartJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private const string Draft = "Tea time";

    [Fact]
    public async Task Cart_BuiltFromTheCatalogue_TellsWhatEveryCampaignDoesAndIsKeptAsAnExample()
    {
        await Shop.StockedAsync();
        await SignInAsync(Roles.Manager, path: "/campaigns");
        await Page.GetByRole(AriaRole.Link, new() { Name = Draft }).First.ClickAsync();
        await See(Page.Locator("h1")).ToContainTextAsync(Draft);
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Test cart" }).ClickAsync();

        // A product, so many that every threshold is passed.
        await Page.Locator("#cart-search").FillAsync("kitchen");
        await Page.Locator(".mud-popover-open .mud-list-item").First.ClickAsync();
        await See(Page.Locator(".cart-rows li")).ToHaveCountAsync(1);
        var quantity = Page.Locator(".cart-rows input").First;
        await quantity.FillAsync("40");
        await quantity.PressAsync("Tab");
        var own = Page.Locator(".cart-trace li").Filter(new() { HasText = Draft }).Filter(new() { HasText = "this campaign" });
        await See(own).ToHaveCountAsync(1);
        await See(Page.Locator("#cart-total")).Not.ToBeEmptyAsync();

        // Every campaign that does not apply says why; a code that nobody knows is told as such.
        await Page.Locator("#cart-codes").FillAsync("NOBODY-KNOWS");
        await Page.Locator("#cart-codes").PressAsync("Tab");
        await See(Page.Locator(".trace-code")).ToContainTextAsync("NOBODY-KNOWS");
        foreach (var why in await Page.Locator(".cart-trace .trace-why").AllInnerTextsAsync())
            Assert.NotEqual("", why.Trim());

        await Page.Locator("#example-name").FillAsync("Many pans");
        await Page.Locator("#save-example").ClickAsync();
        await See(Page.Locator(".example-green")).ToContainTextAsync("Many pans");
        var total = await Page.Locator("#cart-total").InnerTextAsync();

        // Back another day: the example is checked and opens as it was.
        await Page.ReloadAsync();
        await ReadyAsync();
        await See(Page.Locator(".example-green")).ToContainTextAsync("as expected");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Open the example “Many pans”" }).ClickAsync();
        await See(Page.Locator("#cart-total")).ToHaveTextAsync(total);
    }
}
