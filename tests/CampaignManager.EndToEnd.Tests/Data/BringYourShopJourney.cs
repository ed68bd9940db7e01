using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>A shop without any data, as after a production start.</summary>
public sealed class EmptyShop : RunningShop
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Demo:Enabled", "false");
    }
}

/// <summary>From an empty start to customers of one's own: upload, recognition, a question answered, the report, undo.</summary>
public sealed class BringYourShopJourney(EmptyShop shop, Browser browser) : FilesJourney(shop, browser), IClassFixture<EmptyShop>
{
    [Fact]
    public async Task Admin_EmptyStart_BringsOrdersAndProducts_AnswersWhatIsAsked_AndTakesOneImportBack()
    {
        await SignInAsync(Roles.Admin);
        await Page.Locator("#own-data").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/data/import\\?kind=orders"));
        await ReadyAsync();

        // Prices that are the lines' totals: the orders do not add up as Shopify's usually do.
        await UploadAsync("orders_export.csv", ShopifyFiles.Orders(Orders(), price: "30.00"));
        await See(Page.GetByText("Recognised by the columns.")).ToBeVisibleAsync(new() { Timeout = Long });
        await See(Page.Locator("#start-import")).ToBeDisabledAsync();
        await Page.Locator("#question-orders-do-not-add-up button").Filter(new() { HasText = "The price is a line's total" }).ClickAsync();
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = Long });
        await See(Page.Locator(".stored-rows")).Not.ToContainTextAsync("@shop.test");
        await Page.Locator("#start-import").ClickAsync();
        await See(Page.Locator("#undo-import")).ToBeVisibleAsync(new() { Timeout = Long });
        await See(Page.Locator("#found-figures")).ToContainTextAsync("40");

        await GoAsync("/data/import?kind=products");
        await UploadAsync("products_export.csv", ShopifyFiles.Products());
        // Shopify's products do not say their currency.
        await AnswerAsync("currency-needed", "EUR");
        await StartAsync();

        await GoAsync("/data");
        await See(Customers()).ToContainTextAsync("7", new() { Timeout = Long });

        await Page.GetByRole(AriaRole.Link, new() { Name = "orders_export.csv" }).ClickAsync();
        await Page.Locator("#undo-import").ClickAsync(new() { Timeout = Long });
        await Page.Locator("#dialog-confirm").ClickAsync();
        await See(Page.Locator("#was-undone")).ToBeVisibleAsync(new() { Timeout = Long });
        await GoAsync("/data");
        await See(Customers()).ToContainTextAsync("0", new() { Timeout = Long });
    }

    private ILocator Customers() => Page.Locator("tr").Filter(new() { Has = Page.Locator("td.cell-main").GetByText("Customers", new() { Exact = true }) }).Locator("td.num").First;

    private static IEnumerable<(int Customer, DateTime At)> Orders() =>
        Enumerable.Range(1, 40).Select(i => (i % 7, new DateTime(2025, 5, 1, 10, 0, 0).AddDays(i)));
}
