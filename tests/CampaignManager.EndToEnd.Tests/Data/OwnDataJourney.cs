using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>A shop's own orders with a row that cannot be read: mended and imported again, judged by the shop's own thresholds, and what can be said of them.</summary>
public sealed class OwnDataJourney(EmptyShop shop, Browser browser) : FilesJourney(shop, browser), IClassFixture<EmptyShop>
{
    private const string Right = "2025-05-07 10:00:00";

    [Fact]
    public async Task Admin_MendsRejects_ChangesThresholds_AndReadsTheFirstSteps()
    {
        await SignInAsync(Roles.Admin, path: "/data/import?kind=orders");
        await ImportAsync("orders.csv", Orders().Replace(Right, "yesterday", StringComparison.Ordinal));
        var tiles = Page.Locator(".tiles .tile");
        await See(tiles.Filter(new() { HasText = "Rejected" })).ToContainTextAsync("1", new() { Timeout = Long });

        // The rejects hold no address; mended, one order is new and nothing else is written.
        var link = await Page.GetByRole(AriaRole.Link, new() { Name = "Download rejects (CSV)" }).GetAttributeAsync("href");
        var answer = await Page.APIRequest.GetAsync(link!);
        Assert.Equal(200, answer.Status);
        var rejects = await answer.TextAsync();
        Assert.DoesNotContain("@shop.test", rejects, StringComparison.Ordinal);
        await GoAsync("/data/import?kind=orders");
        await ImportAsync("mended.csv", rejects.Replace("yesterday", Right, StringComparison.Ordinal));
        await See(tiles.Filter(new() { HasText = "Rejected" })).ToContainTextAsync("0", new() { Timeout = Long });

        // Quality has looked at them by itself. One threshold is made stricter and stays so.
        await GoAsync("/data/quality");
        await Page.Locator("#quality a").First.ClickAsync(new() { Timeout = Long });
        await See(Page.Locator("#quality-detail")).ToContainTextAsync("rows");
        await GoAsync("/data/quality");
        var warn = Page.Locator("#warn-missing");
        await warn.FillAsync("0.5");
        await Page.Locator("#save-thresholds").ClickAsync();
        await See(Page.GetByText("Saved").First).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await ReadyAsync();
        await See(warn).ToHaveValueAsync("0.5");

        await GoAsync("/first-steps");
        await See(Page.Locator(".steps-ladder .here")).ToBeVisibleAsync(new() { Timeout = Long });
        await See(Page.Locator("main")).Not.ToContainTextAsync("ROI");

        await GoAsync("/audit");
        await See(Heading("Audit log")).ToBeVisibleAsync();
    }

    private async Task ImportAsync(string name, string csv)
    {
        await UploadAsync(name, csv);
        await StartAsync();
    }

    private static string Orders() => ShopifyFiles.Orders(
        Enumerable.Range(0, 40).Select(i => (i % 7, new DateTime(2025, 5, 1, 10, 0, 0).AddDays(i))));
}
