using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>A shop's own orders with a row that cannot be read: mended and imported again, judged by the shop's own thresholds, and what can be said of them.</summary>
public sealed class OwnDataJourney(EmptyShop shop, Browser browser) : Journey(shop, browser), IClassFixture<EmptyShop>
{
    private const int Long = 60_000;
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
        await Page.Locator("#import-file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
        await See(Page).ToHaveURLAsync(new Regex("/data/import/[0-9a-f-]{36}"), new() { Timeout = Long });
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = Long });
        await Page.Locator("#start-import").ClickAsync();
        await See(Page.Locator("#undo-import")).ToBeVisibleAsync(new() { Timeout = Long });
    }

    /// <summary>As Shopify exports them.</summary>
    private static string Orders()
    {
        var csv = new StringBuilder("Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Id,Source,Cancelled at,Payment Method,Refunded Amount\n");
        for (var i = 0; i < 40; i++)
        {
            var at = new DateTime(2025, 5, 1, 10, 0, 0).AddDays(i).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            csv.Append(CultureInfo.InvariantCulture, $"#{1000 + i},c{i % 7}@shop.test,paid,{at} +0200,EUR,30.00,5.00,0.00,35.00,0.00,{at} +0200,3,Cup,10.00,CUP-{i % 5},0.00,{580000 + i},web,,Card,0.00\n");
        }

        return csv.ToString();
    }
}
