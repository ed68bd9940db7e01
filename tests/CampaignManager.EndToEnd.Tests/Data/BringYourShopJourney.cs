using System.Globalization;
using System.Text;
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
public sealed class BringYourShopJourney(EmptyShop shop, Browser browser) : Journey(shop, browser), IClassFixture<EmptyShop>
{
    private const int Long = 60_000;

    [Fact]
    public async Task Admin_EmptyStart_BringsOrdersAndProducts_AnswersWhatIsAsked_AndTakesOneImportBack()
    {
        await SignInAsync(Roles.Admin);
        await Page.Locator("#own-data").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/data/import\\?kind=orders"));
        await ReadyAsync();

        // Prices that are the lines' totals: the orders do not add up as Shopify's usually do.
        await UploadAsync(("orders_export.csv", Orders()));
        await See(Page.GetByText("Recognised by the columns.")).ToBeVisibleAsync(new() { Timeout = Long });
        await See(Page.Locator("#start-import")).ToBeDisabledAsync();
        await Page.Locator("#question-orders-do-not-add-up button").Filter(new() { HasText = "The price is a line's total" }).ClickAsync();
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = Long });
        await See(Page.Locator(".stored-rows")).Not.ToContainTextAsync("@shop.test");
        await Page.Locator("#start-import").ClickAsync();
        await See(Page.Locator("#undo-import")).ToBeVisibleAsync(new() { Timeout = Long });
        await See(Page.Locator("#found-figures")).ToContainTextAsync("40");

        await GoAsync("/data/import?kind=products");
        await UploadAsync(("products_export.csv", Products()));
        // Shopify's products do not say their currency.
        await Page.Locator("#answer-currency-needed").FillAsync("EUR", new() { Timeout = Long });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = Long });
        await Page.Locator("#start-import").ClickAsync();
        await See(Page.Locator("#undo-import")).ToBeVisibleAsync(new() { Timeout = Long });

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

    private async Task UploadAsync(params (string Name, string Text)[] files)
    {
        await Page.Locator("#import-file").SetInputFilesAsync(files.Select(f => new FilePayload { Name = f.Name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(f.Text) }));
        await See(Page).ToHaveURLAsync(new Regex("/data/import/[0-9a-f-]{36}"), new() { Timeout = Long });
    }

    private static string Orders()
    {
        var csv = new StringBuilder("Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Id,Source,Cancelled at,Payment Method,Refunded Amount\n");
        for (var i = 1; i <= 40; i++)
        {
            var at = new DateTime(2025, 5, 1, 10, 0, 0).AddDays(i).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " +0200";
            csv.Append(CultureInfo.InvariantCulture, $"#{1000 + i},c{i % 7}@shop.test,paid,{at},EUR,30.00,5.00,0.00,35.00,0.00,{at},3,Cup,30.00,CUP-{i % 5},0.00,{580000 + i},web,,Card,0.00\n");
        }

        return csv.ToString();
    }

    private static string Products()
    {
        var csv = new StringBuilder("Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant SKU,Variant Price,Variant Compare At Price,Cost per item,Status,Image Src\n");
        for (var i = 0; i < 5; i++)
            csv.Append(CultureInfo.InvariantCulture, $"cup-{i},Cup {i},,Kiln,Mugs,,true,CUP-{i},10.00,,4.00,active,\n");
        return csv.ToString();
    }
}
