using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>From an empty start to the first campaign, and then to past campaigns that came in as files, by what the pages say alone.</summary>
public sealed class NewShopJourney(EmptyShop shop, Browser browser) : Journey(shop, browser), IClassFixture<EmptyShop>
{
    private const int Long = 90_000;
    private const int Customers = 400;

    private static readonly Regex Effects = new("uplift|incremental|\\bROI\\b|增量|提升|投资回报", RegexOptions.IgnoreCase);

    private static readonly DateTime Last = new(2025, 12, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Admin_EmptyStart_ReachesTheFirstCampaignAndReadsOfNoEffectBeforeOneWasMeasured()
    {
        await SignInAsync(Roles.Admin);
        await Page.Locator("#own-data").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/data/import\\?kind=orders"));
        await ReadyAsync();
        // Prices that are the lines' totals: the orders do not add up as Shopify's usually do.
        await UploadAsync(("orders_export.csv", Orders()));
        await Page.Locator("#question-orders-do-not-add-up button").Filter(new() { HasText = "The price is a line's total" }).ClickAsync(new() { Timeout = Long });
        await StartAsync();
        await GoAsync("/data/import?kind=products");
        await UploadAsync(("products_export.csv", Products()));
        await Page.Locator("#answer-currency-needed").FillAsync("EUR", new() { Timeout = Long });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();
        await StartAsync();

        await GoAsync("/audiences");
        await See(Page.Locator("main table").First).ToBeVisibleAsync(new() { Timeout = Long });

        await GoAsync("/first-steps");
        await See(Page.Locator("#step-orders")).ToHaveAttributeAsync("aria-current", "step");
        await See(Page.Locator("#offer-basis")).ToContainTextAsync("Margin from your unit costs");
        await See(Page.Locator("#advice")).ToContainTextAsync("customers a 50:50 split over 14 days can see", new() { Timeout = Long });
        await Page.Locator("#plan-experiment").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/campaigns/[0-9a-f-]{36}/edit"), new() { Timeout = Long });
        var campaign = new Regex("/campaigns/([0-9a-f-]{36})").Match(Page.Url).Groups[1].Value;
        await ReadNoEffectsAsync(campaign);
        await GoAsync($"/campaigns/{campaign}/edit?step=check");
        await Page.Locator("#save-submit").ClickAsync();
        await See(Page.Locator(".campaign-strip .status")).ToContainTextAsync("In review", new() { Timeout = Long });

        await PastCampaignsComeInAsync();
    }

    // Words of effects are said of nobody's own customers as long as nothing was measured.
    private async Task ReadNoEffectsAsync(string campaign)
    {
        string[] paths =
        [
            "/", "/first-steps", "/campaigns", $"/campaigns/{campaign}", $"/campaigns/{campaign}?tab=predict", $"/campaigns/{campaign}/edit?step=audience",
            $"/campaigns/{campaign}/edit?step=predict", $"/campaigns/{campaign}/edit?step=check", "/audiences", "/models", "/training", "/data", "/health",
        ];
        var said = new List<string>();
        foreach (var culture in (string[])["zh-CN", "en"])
        {
            await OpenAsync(culture: culture);
            await SignInAsync(Roles.Admin, culture);
            foreach (var path in paths)
            {
                await GoAsync(path);
                await See(Page.Locator("main h1").First).ToBeVisibleAsync(new() { Timeout = Long });
                await See(Page.Locator("main .mud-skeleton")).ToHaveCountAsync(0, new() { Timeout = Long });
                var text = await Page.Locator("main").InnerTextAsync();
                said.AddRange(text.Split('\n').Where(line => Effects.IsMatch(line)).Select(line => $"{culture} {path}: {line}"));
            }
        }

        Assert.True(said.Count == 0, string.Join('\n', said));
    }

    private async Task PastCampaignsComeInAsync()
    {
        await GoAsync("/data/import?kind=campaigns");
        await UploadAsync(("campaigns.csv", "campaign_id,name,offer,start_date,end_date,attribution_days\nspring,Spring,20% off,2025-03-03,2025-03-09,14\nsummer,Summer,满200减30,2025-07-01,2025-07-07,14\n"));
        await StartAsync();
        await GoAsync("/data/import?kind=exposures");
        await UploadAsync(("groups.csv", Groups()));
        await StartAsync();

        await GoAsync("/first-steps");
        await See(Page.Locator("#step-campaigns")).ToHaveAttributeAsync("aria-current", "step", new() { Timeout = Long });
        var past = Page.Locator("#past-campaigns li");
        await See(past).ToHaveCountAsync(2);
        await See(past.First).ToContainTextAsync("Spring: of 100 who got it");
        await See(past.Last).ToContainTextAsync("Summer was left out: 350 treated and 50 held back do not fit the stated 80 %");
        await See(Page.Locator("#past-together")).ToContainTextAsync("they speak of this offer again, not of others");

        await past.First.GetByRole(AriaRole.Link).ClickAsync();
        await See(Page.Locator(".campaign-strip .status")).ToContainTextAsync("Ended");
        await See(Page.Locator("#imported-note")).ToContainTextAsync("of 100 who got it");
        await GoAsync("/campaigns");
        await See(Page.Locator("tr").Filter(new() { HasText = "Summer" })).ToContainTextAsync("Ran before, from a file");
    }

    private async Task StartAsync()
    {
        await See(Page.Locator("#start-import")).ToBeEnabledAsync(new() { Timeout = Long });
        await Page.Locator("#start-import").ClickAsync();
        await See(Page.Locator("#undo-import")).ToBeVisibleAsync(new() { Timeout = Long });
    }

    private async Task UploadAsync(params (string Name, string Text)[] files)
    {
        await Page.Locator("#import-file").SetInputFilesAsync(files.Select(f => new FilePayload { Name = f.Name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(f.Text) }));
        await See(Page).ToHaveURLAsync(new Regex("/data/import/[0-9a-f-]{36}"), new() { Timeout = Long });
    }

    // The groups that the spring campaign was drawn for fit its chance, those of the summer do not.
    private static string Groups()
    {
        var csv = new StringBuilder("campaign,customer,group,assigned_at,p_treated\n");
        for (var i = 0; i < Customers; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"spring,c{i}@shop.test,{(i % 5 == 0 ? "control" : "treated")},2025-03-03T00:00:00Z,0.8\n");
            csv.Append(CultureInfo.InvariantCulture, $"summer,c{i}@shop.test,{(i % 8 == 0 ? "control" : "treated")},2025-07-01T00:00:00Z,0.8\n");
        }

        return csv.ToString();
    }

    private static string Orders()
    {
        var random = new Random(5);
        var csv = new StringBuilder(
            "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Id,Source,Cancelled at,Payment Method,Refunded Amount\n");
        var n = 0;
        for (var i = 0; i < Customers; i++)
        {
            for (var day = 1 + random.Next(i % 3 == 0 ? 25 : 330); day < 360; day += i % 3 == 0 ? 20 + random.Next(20) : 100 + random.Next(300))
            {
                var at = Last.AddDays(-day).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " +0200";
                csv.Append(CultureInfo.InvariantCulture, $"#{1000 + ++n},c{i}@shop.test,paid,{at},EUR,30.00,5.00,0.00,35.00,0.00,{at},3,Cup,30.00,CUP-{i % 5},0.00,{580000 + n},web,,Card,0.00\n");
            }
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
