using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.EndToEnd.Tests.Hosting;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Audiences;

/// <summary>"New and likes shoes": said by rules, read on its page, used by a campaign, and priced for one who is in it and one who is not.</summary>
public sealed class AudienceJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private const string Name = "Newcomers on foot";
    private const string Key = "audience:newcomers-on-foot";
    private const string Sentence = "Customers who are in “New customers” and are in “Favourite: Shoes”.";

    [Fact]
    public async Task Admin_BuildsAnAudience_ReadsItsPage_AndACampaignForItTellsCustomersApart()
    {
        await Shop.StockedAsync();
        await SignInAsync(Roles.Admin, path: "/audiences/new");
        await See(Page.Locator("#audience-sentence")).ToHaveTextAsync("Customers who are in “New customers”.");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add a condition" }).ClickAsync();
        await See(Page.Locator(".rule-row")).ToHaveCountAsync(2);
        // What is missing is said at its line; what the shop has is there to be chosen.
        await PickAsync("Condition", "Member tier");
        await See(Page.Locator(".rule-row").Nth(1)).ToContainTextAsync("Choose at least one.");
        await See(Page.Locator("#save-audience")).ToBeDisabledAsync();
        await PickAsync("Condition", "Segment");
        await PickAsync("Segment", "Favourite: Shoes");
        await See(Page.Locator("#audience-sentence")).ToHaveTextAsync(Sentence);
        await See(Page.Locator("#audience-live-size")).ToContainTextAsync(new Regex("^[1-9]\\d* customers, as of"));
        await Page.Locator("#audience-name").FillAsync(Name);
        await Page.Locator("#save-audience").ClickAsync();
        await See(Page).ToHaveURLAsync(new Regex("/audiences$"));

        // Its page, and how it overlaps.
        await GoAsync($"/audiences?compare=new,{Key}");
        await See(Page.Locator("#overlap tbody tr").Nth(1).Locator("td").First).ToContainTextAsync("100%");
        await Page.Locator(".segment-table").GetByRole(AriaRole.Link, new() { Name = Name, Exact = true }).ClickAsync();
        await See(Page.Locator("#traits")).ToContainTextAsync("Likes Shoes best");
        await Page.Locator("#show-members").ClickAsync();
        await See(Page.Locator("#member-sample")).ToContainTextAsync("New customers");
        var serious = (await Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical").SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {v.Help}: {n.Html}")).ToList();
        Assert.True(serious.Count == 0, string.Join('\n', serious));
        var inside = await Page.Locator("#member-sample a").First.InnerTextAsync();
        var outside = (await Shop.Services.GetRequiredService<SegmentMembers>().SampleAsync("loyal", 1, Stop))[0].CustomerId;

        // A campaign for it: chosen by its sentence.
        await GoAsync("/campaigns/new?step=audience");
        var choice = Page.Locator(".choices label").Filter(new() { HasText = Name }).First;
        await See(choice).ToContainTextAsync(Sentence);
        await choice.ClickAsync();
        // Nobody is held back, so that whoever is in it gets it.
        await Page.Locator("#holdout").FillAsync("0");
        await See(Page).ToHaveURLAsync(new Regex("/campaigns/[0-9a-f-]{36}/edit\\?step=audience$"));
        await See(Page.Locator("#save-status")).ToHaveAttributeAsync("data-state", "Saved");
        var id = new Uri(Page.Url).Segments[2].TrimEnd('/');
        await GoAsync($"/campaigns/{id}?tab=test");
        await Page.Locator("#cart-search").FillAsync("shoes");
        await Page.Locator(".mud-popover-open .mud-list-item").First.ClickAsync();
        await Page.Locator(".cart-rows input").First.FillAsync("40");
        await Page.Locator(".cart-rows input").First.PressAsync("Tab");

        // The cart names the customer and no segment: who they are is looked up.
        await PriceForAsync(outside, "not-in-audience");
        await PriceForAsync(inside, "applied");

        // Who looked at members is written down.
        await GoAsync("/audit?q=" + Key);
        await See(Page.Locator("#audit tr[data-action=SampleShown]")).ToContainTextAsync(Key);
    }

    private async Task PriceForAsync(string customer, string reason)
    {
        await Page.Locator("#cart-customer").FillAsync(customer);
        await Page.Locator("#cart-customer").PressAsync("Tab");
        await See(Page.Locator(".cart-trace li").Filter(new() { HasText = "this campaign" })).ToHaveAttributeAsync("data-reason", reason);
    }

    /// <summary>In the last line of the rules.</summary>
    private async Task PickAsync(string label, string value)
    {
        await Page.Locator(".rule-row").Last.GetByRole(AriaRole.Combobox, new() { Name = label, Exact = true }).ClickAsync();
        var list = Page.Locator(".mud-popover-open .mud-list-item");
        await list.Filter(new() { HasText = value }).First.ClickAsync();
        await See(list).ToHaveCountAsync(0);
    }
}
