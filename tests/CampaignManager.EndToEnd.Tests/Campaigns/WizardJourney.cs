using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.EndToEnd.Tests.Hosting;
using CampaignManager.Engine.Offers;
using Deque.AxeCore.Playwright;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Campaigns;

public sealed class WizardJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    private const string Name = "Spring over two hundred";
    private const string Rival = "Five off each";

    private static readonly Actor Max = Actor.Of("max-of-the-journey", "Max", Roles.Manager);

    [Fact]
    public async Task Campaign_FromNothing_IsFilledInLeftResumedFreedOfAClashAndSubmitted()
    {
        await Shop.StockedAsync();
        await RivalAsync();
        await SignInAsync(Roles.Marketer, path: "/campaigns/new");

        // Looking at types is not a draft yet.
        await Page.GetByText("Repeating reduction (every ¥200)", new() { Exact = true }).ClickAsync();
        await Page.GetByText("Tiered full reduction", new() { Exact = true }).ClickAsync();
        await See(Page.Locator("#save-status")).ToContainTextAsync("first input");
        await NextAsync("Details");
        await Page.Locator("#campaign-name").FillAsync(Name);
        await Page.Locator("#campaign-tags").FillAsync("spring");
        await SavedAsync();
        await See(Page).ToHaveURLAsync(new Regex("/campaigns/[0-9a-f-]{36}/edit\\?step=details$"));
        var id = Guid.Parse(new Uri(Page.Url).Segments[2].TrimEnd('/'));

        // The panel prices while typing; what is wrong is said beside its field and stays as typed.
        await NextAsync("Offer");
        await Page.Locator("#tier-0-spend").FillAsync("200");
        await Page.Locator("#tier-0-grant").FillAsync("300");
        await SavedAsync();
        await See(Page.GetByText("More than is spent.").First).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await ReadyAsync();
        await See(Page.Locator("#tier-0-grant")).ToHaveValueAsync("300");
        await Page.Locator("#tier-0-grant").FillAsync("40");
        await SavedAsync();
        await See(Page.Locator(".preview-sentence")).ToContainTextAsync("Spend ¥200, save ¥40");
        await See(Page.Locator("#worked-saves")).ToContainTextAsync("40");
        await Page.Locator("#tier-0-grant").FillAsync("45");
        await SavedAsync();
        await Page.Locator("#undo").ClickAsync();
        await See(Page.Locator("#tier-0-grant")).ToHaveValueAsync("40");

        await NextAsync("Products");
        await See(Page.Locator("#scope-size")).ToContainTextAsync("% of revenue");
        await NextAsync("Audience");
        await See(Page.Locator("#audience-size")).ToContainTextAsync("customers");
        await See(Page.Locator("#power")).ToContainTextAsync("Detects +");

        // Left, and taken up where it was left.
        await Page.Locator("#leave").ClickAsync();
        await See(Page.Locator("h1")).ToContainTextAsync(Name);
        await GoAsync($"/campaigns/{id}/edit");
        await See(Page.Locator("#holdout")).ToBeVisibleAsync();

        // A clash, named with its figures, and solved.
        await NextAsync("Combining");
        var clash = Page.Locator("tr").Filter(new() { HasText = Rival }).Locator("[data-kind=LosesThreshold]");
        await See(clash).ToContainTextAsync($"“{Rival}” comes first and takes your threshold away: of a basket of ¥200");
        await SeriousAsync("Combining");
        await clash.GetByRole(AriaRole.Button, new() { Name = "Count thresholds at list prices" }).ClickAsync();
        await SavedAsync();
        await See(clash).ToHaveCountAsync(0);

        await NextAsync("Limits and time");
        await Page.Locator("#budget").FillAsync("5000");
        await SeriousAsync("Limits");
        await NextAsync("Predict");
        await NextAsync("Checklist");
        await See(Page.Locator("#check-missing")).ToHaveCountAsync(0);
        await SeriousAsync("Checklist");
        await Page.Locator("#save-submit").ClickAsync();
        await See(Page.Locator(".campaign-strip .status")).ToContainTextAsync("In review");

        await using var context = await Shop.Contexts.CreateDbContextAsync(Stop);
        var rules = RulesJson.Read(await context.Campaigns.Where(c => c.Id == id).Select(c => c.RulesJson).SingleAsync(Stop));
        Assert.Equal((ThresholdBase.List, 5000m, new SpendTier(200, 40)), (rules.Combining.ThresholdBase, rules.Limits.Budget, ((FullReduction)rules.Offer).Tiers.Single()));
        // However often it was saved: one version for each sitting.
        await Page.GetByRole(AriaRole.Tab, new() { Name = "Versions" }).ClickAsync();
        await See(Page.Locator(".versions tbody tr").Filter(new() { HasText = "Mia Marketer" })).ToHaveCountAsync(3);
    }

    /// <summary>Waits for review, takes five off each unit before any order's threshold is looked at.</summary>
    private async Task RivalAsync()
    {
        var rules = new CampaignRules { Offer = new AmountOff { Amount = 5, Per = AmountPer.Unit }, Limits = new Limits { Budget = 1000 } };
        var id = await Shop.Services.GetRequiredService<CampaignService>().CreateDraftAsync(Rival, rules, Max, Stop);
        Assert.True((await Shop.Services.GetRequiredService<CampaignTransitions>().SubmitAsync(id.Value, Max, Stop)).Succeeded);
    }

    private async Task NextAsync(string step)
    {
        await Page.Locator("#step-next").ClickAsync();
        await See(Page.Locator("#step-title")).ToContainTextAsync(step);
    }

    /// <summary>What was just typed is first seen, then stored.</summary>
    private async Task SavedAsync()
    {
        var status = Page.Locator("#save-status");
        await See(status).ToHaveAttributeAsync("data-state", "Waiting");
        await See(status).ToHaveAttributeAsync("data-state", "Saved");
        await See(status).ToContainTextAsync(new Regex(@"Saved \d\d:\d\d"));
    }

    private async Task SeriousAsync(string step)
    {
        await See(Page.Locator("main .mud-skeleton")).ToHaveCountAsync(0);
        var serious = (await Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical").SelectMany(v => v.Nodes.Select(n => $"{step}: {v.Id}: {v.Help}: {n.Html}")).ToList();
        Assert.True(serious.Count == 0, string.Join('\n', serious));
    }
}
