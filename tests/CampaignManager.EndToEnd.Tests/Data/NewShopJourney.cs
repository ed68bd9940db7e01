using System.Reflection;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.EndToEnd.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Data;

/// <summary>From an empty start to the first campaign, in two languages, by what the pages say alone.</summary>
public sealed class NewShopJourney(EmptyShop shop, Browser browser) : FilesJourney(shop, browser), IClassFixture<EmptyShop>
{
    private const int Customers = 400;
    private const string Audience = "The loyal ones";

    /// <summary>What nobody can know from orders.</summary>
    private static readonly Regex Effects = new("uplift|incremental|\\bROI\\b|增量|提升|投资回报", RegexOptions.IgnoreCase);

    /// <summary>Forms before one is signed in, and no places to go to.</summary>
    private static readonly string[] Elsewhere = ["/account/", "/error", "/not-found"];

    private static readonly LocatorAssertionsToContainTextOptions Patiently = new() { Timeout = Long };

    private readonly List<string> said = [];

    [Fact]
    public async Task Admin_EmptyStart_ReachesTheFirstCampaign_AndReadsOfNoEffectBeforeOneWasMeasured()
    {
        await SignInAsync(Roles.Admin);
        await Page.Locator("#own-data").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/data/import\\?kind=orders"));
        await BringAsync();
        await GoAsync("/");
        await See(Page.Locator("#what-we-can-say")).ToBeVisibleAsync();
        await See(Page.Locator("#own-data")).ToHaveCountAsync(0);

        // They come by themselves, once a job has described them.
        await GoAsync("/customers");
        await See(Page.Locator("#customers tbody tr").First).ToBeVisibleAsync(new() { Timeout = Long });
        await Page.Locator("#customers tbody a").First.ClickAsync();
        await See(Page.Locator("#timeline li").First).ToContainTextAsync("Order ");

        await GoAsync("/audiences");
        await Page.GetByRole(AriaRole.Link, new() { Name = "New audience" }).ClickAsync();
        await ChooseAsync("Segment", "Loyal");
        await See(Page.Locator("#audience-live-size")).ToContainTextAsync(new Regex("^[1-9]\\d* customers, as of"), Patiently);
        await Page.Locator("#audience-name").FillAsync(Audience);
        await Page.Locator("#save-audience").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/audiences$"));
        await ReadAsync("en", Pages());

        await OpenAsync(390, "zh-CN");
        await SignInAsync(Roles.Admin, "zh-CN");
        await ReadAsync("zh-CN", Pages());
        await GoAsync("/first-steps");
        await See(Page.Locator("#step-orders")).ToHaveAttributeAsync("aria-current", "step");
        await See(Page.Locator("#advice")).ToContainTextAsync("400位客户若对半分组、观察14天", new() { Timeout = Long });
        await Page.Locator("#plan-experiment").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/campaigns/[0-9a-f-]{36}/edit"), new() { Timeout = Long });
        var campaign = "/campaigns/" + new Uri(Page.Url).Segments[2].TrimEnd('/');
        await ReadAsync("zh-CN", Pages(campaign));

        await OpenAsync();
        await SignInAsync(Roles.Admin, path: "/first-steps");
        await See(Page.Locator("#offer-basis")).ToContainTextAsync("Margin from your unit costs");
        await See(Page.Locator("#advice")).ToContainTextAsync("With your 400 customers a 50:50 split over 14 days can see");
        await GoAsync(campaign + "/edit?step=audience");
        await Page.Locator(".choices label").Filter(new() { HasText = Audience }).First.ClickAsync();
        await See(Page.Locator("#save-status")).ToContainTextAsync(new Regex(@"Saved \d\d:\d\d"));
        await See(Page.Locator("#holdout")).ToHaveValueAsync("50");
        await ReadAsync("en", Pages(campaign));
        Assert.True(said.Count == 0, string.Join('\n', said));

        await GoAsync(campaign + "/edit?step=check");
        await Page.Locator("#save-submit").ClickAsync();
        await See(Page.Locator(".campaign-strip .status")).ToContainTextAsync("In review", new() { Timeout = Long });
    }

    private async Task BringAsync()
    {
        var orders = ShopifyFiles.AYear(Customers, TimeProvider.System.GetUtcNow().UtcDateTime);
        await UploadAsync("orders_export.csv", ShopifyFiles.Orders(orders, price: "30.00"));
        var answer = Page.Locator("#question-orders-do-not-add-up button").Filter(new() { HasText = "The price is a line's total" });
        await answer.ClickAsync(new() { Timeout = Long });
        await StartAsync();
        await GoAsync("/data/import?kind=products");
        await UploadAsync("products_export.csv", ShopifyFiles.Products());
        await AnswerAsync("currency-needed", "EUR");
        await StartAsync();
        await Page.Locator("#what-now").ClickAsync();
        await See(Heading("What we can say")).ToBeVisibleAsync();
    }

    /// <summary>Keeps what the pages say of effects, as long as nothing was measured.</summary>
    private async Task ReadAsync(string culture, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            await GoAsync(path);
            await See(Page.Locator("main h1").First).ToBeVisibleAsync(new() { Timeout = Long });
            await See(Page.Locator("main .mud-skeleton")).ToHaveCountAsync(0, new() { Timeout = Long });
            var text = await Page.Locator("main").InnerTextAsync();
            said.AddRange(text.Split('\n').Where(line => Effects.IsMatch(line)).Select(line => $"{culture} {path}: {line}"));
        }
    }

    /// <summary>Every page that is no page of one thing.</summary>
    private static IEnumerable<string> Pages() => typeof(Program).Assembly.GetTypes()
        .SelectMany(t => t.GetCustomAttributes<RouteAttribute>())
        .Select(r => r.Template)
        .Where(route => !route.Contains('{') && !Elsewhere.Any(e => route.StartsWith(e, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal);

    private static string[] Pages(string campaign) =>
    [
        campaign, campaign + "?tab=predict", campaign + "/edit?step=offer", campaign + "/edit?step=audience", campaign + "/edit?step=limits",
        campaign + "/edit?step=predict", campaign + "/edit?step=check",
    ];
}
