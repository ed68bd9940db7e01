using System.Globalization;
using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.EndToEnd.Tests.Hosting;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Campaigns.Suggestions;

public sealed class SuggestionJourney(WholeShop shop, Browser browser) : Journey(shop, browser), IClassFixture<WholeShop>
{
    private const string Name = "Newcomers, shoes";

    private ILocator Version => Page.Locator(".campaign-strip .muted").Filter(new() { HasTextRegex = new Regex(@"^v\d+$") });

    [Fact]
    public async Task Marketer_DraftsShoesForNewcomers_IsToldToWiden_AppliesIt_AndTakesItBack()
    {
        await Shop.ModelAsync();
        await SignInAsync(Roles.Marketer, path: "/campaigns/new?step=details");
        await Page.Locator("#campaign-name").FillAsync(Name);
        await NextAsync("#tier-0-spend");
        await Page.Locator("#tier-0-spend").FillAsync("200");
        await Page.Locator("#tier-0-grant").FillAsync("30");
        await NextAsync(".switches");
        await Page.GetByText("Chosen products", new() { Exact = true }).ClickAsync();
        await TickAsync("Categories", "Shoes");
        await NextAsync("#holdout");
        await TickAsync("Lifecycle", "New customers");
        await See(Page.Locator("#save-status")).ToHaveAttributeAsync("data-state", "Waiting");
        await See(Page.Locator("#save-status")).ToHaveAttributeAsync("data-state", "Saved");
        await See(Page).ToHaveURLAsync(new Regex("/campaigns/[0-9a-f-]{36}/edit"));
        var id = Guid.Parse(new Uri(Page.Url).Segments[2].TrimEnd('/'));
        await Page.Locator("#leave").ClickAsync();
        await See(Version).ToBeVisibleAsync();
        var first = int.Parse((await Version.InnerTextAsync())[1..], CultureInfo.InvariantCulture);
        var drafted = await RulesAsync(id);

        await Page.GetByRole(AriaRole.Tab, new() { Name = "Predict" }).ClickAsync();
        await SegmentsHaveFiguresAsync();

        var open = Page.Locator(".suggestion[data-state=Open]").Filter(new() { HasText = "Widen the scope" }).First;
        await See(open).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var title = await open.Locator("h3").InnerTextAsync();
        // The shop's written truth: newcomers set up house.
        Assert.Matches("Kitchen|Home", title);
        // What it would bring is said with its interval.
        Assert.Matches(@"[+−]¥[\d,]+.*\[.+ \.\. .+\]", (await open.Locator(".suggestion-figure").InnerTextAsync()).ReplaceLineEndings(" "));
        await open.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        await See(open.Locator(".before-after tbody tr").First).ToBeVisibleAsync();
        await open.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        // What is predicted is worked out anew first.
        await See(Version).ToHaveTextAsync($"v{first + 1}", new() { Timeout = 60_000 });
        var applied = Page.Locator(".suggestion[data-state=Applied]").Filter(new() { HasText = title });
        await See(applied).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await See(applied).ToContainTextAsync("Mia Marketer");
        Assert.NotEqual(drafted, await RulesAsync(id));

        await applied.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await See(Version).ToHaveTextAsync($"v{first + 2}", new() { Timeout = 60_000 });
        await See(Page.Locator(".suggestion[data-state=Undone]").Filter(new() { HasText = title })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Equal(drafted, await RulesAsync(id));

        // Nothing is lost: the version in between can still be looked at.
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Versions" }).ClickAsync();
        await See(Page.Locator(".diff tbody tr").First).ToBeVisibleAsync();
        await See(Page.Locator(".versions tbody tr").Filter(new() { HasText = "Mia Marketer" })).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Marketer_OpensSuggestionsOfAllCampaigns_AppliesOne_TakesItBack_AndDismissesAnother()
    {
        await Shop.ModelAsync();
        await SignInAsync(Roles.Marketer, path: "/");
        var mia = await MarketerAsync();
        var rules = new CampaignRules
        {
            Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
            Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } },
            Audience = new Audience { AnyOf = ["new"] },
        };
        var id = (await Shop.Services.GetRequiredService<CampaignService>().CreateDraftAsync(
            "Newcomers in spring", rules, mia, Stop)).Value;
        await GoAsync("/suggestions");
        await Page.Locator("#search-all").ClickAsync();
        var cards = Page.Locator("#open-suggestions .suggestion").Filter(new() { HasText = "Newcomers in spring" });
        await See(cards.First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Page.GetByLabel("Campaign", new() { Exact = true }).FillAsync("in spring");
        await See(Page).ToHaveURLAsync(new Regex("q=in%20spring|q=in\\+spring"));
        var title = await cards.First.Locator("h3").InnerTextAsync();
        var drafted = await RulesAsync(id);

        await cards.First.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        var decided = Page.Locator("#just-decided .suggestion");
        await See(decided.And(Page.Locator("[data-state=Applied]"))).ToContainTextAsync(title);
        Assert.NotEqual(drafted, await RulesAsync(id));
        await decided.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await See(decided.And(Page.Locator("[data-state=Undone]"))).ToContainTextAsync(title);
        Assert.Equal(drafted, await RulesAsync(id));

        // The version that came back is searched by itself.
        await See(cards.First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await cards.First.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await cards.First.GetByLabel("Why not?").FillAsync("Out of stock");
        await cards.First.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Page.GetByRole(AriaRole.Radio, new() { NameRegex = new Regex("^Decided") }).Or(
            Page.Locator(".suggestion-tabs .mud-toggle-item").Nth(1)).First.ClickAsync();
        await See(Page.Locator(".decided-table tr[data-state=Dismissed]")).ToContainTextAsync("Out of stock");
        await See(Page.Locator(".decided-table tr[data-state=Undone]")).ToContainTextAsync(title);
    }

    private async Task<Actor> MarketerAsync()
    {
        await using var context = await Shop.Contexts.CreateDbContextAsync(Stop);
        var user = await context.Users.SingleAsync(u => u.Email == "marketer@demo", Stop);
        return Actor.Of(user.Id, user.DisplayName, Roles.Marketer);
    }

    private async Task NextAsync(string field)
    {
        await Page.Locator("#step-next").ClickAsync();
        await See(Page.Locator(field).First).ToBeVisibleAsync();
    }

    private async Task TickAsync(string group, string choice)
    {
        var box = Page.GetByRole(AriaRole.Group, new() { Name = group }).GetByRole(AriaRole.Checkbox, new() { Name = choice });
        await box.CheckAsync();
        await See(box).ToBeCheckedAsync();
    }

    private async Task SegmentsHaveFiguresAsync()
    {
        await See(Page.Locator("#predict-segments")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var rows = Page.Locator("[aria-labelledby=predict-figures] table.figures tbody tr");
        // The one segment of the audience and the whole.
        await See(rows).ToHaveCountAsync(2);
        // Net profit and return come first, then the size, the baseline and the uplift.
        foreach (var row in await rows.AllAsync())
        {
            // Within the window's width, not merely in the document.
            Assert.InRange((await row.Locator("th").BoundingBoxAsync())!.X, 0, 1_000);
            Assert.Matches(@"^[\d,]+$", await row.Locator("td").Nth(2).InnerTextAsync());
            Assert.Matches(@"[+−][\d.]+ pp\s+\[.+ \.\. .+\]", await row.Locator("td").Nth(4).InnerTextAsync());
        }

        await See(Page.Locator("[aria-labelledby=predict-segments] .chart").First.Locator("svg, canvas").First).ToBeVisibleAsync();
    }

    private async Task<string> RulesAsync(Guid id)
    {
        await using var context = await Shop.Contexts.CreateDbContextAsync(Stop);
        return RulesJson.Write(RulesJson.Read(await context.Campaigns.Where(c => c.Id == id).Select(c => c.RulesJson).SingleAsync(Stop)));
    }
}
