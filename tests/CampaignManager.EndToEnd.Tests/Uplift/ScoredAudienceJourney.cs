using System.Text.RegularExpressions;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.EndToEnd.Tests.Hosting;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Uplift;

/// <summary>An admin scores all customers; a marketer takes the top of them as an audience.</summary>
public sealed partial class ScoredAudienceJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Admin_ScoresAllCustomers_AndAMarketerPicksTheTopThirty()
    {
        var model = await Shop.ModelAsync();
        await SignInAsync(Roles.Admin, path: $"/models/{model}");
        var scored = Page.Locator("#score-runs li");
        // The first scoring is the app's own, once the first model is there.
        await See(scored).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await Page.Locator("#score-runs").GetByRole(AriaRole.Button, new() { Name = "Score all customers" }).ClickAsync();
        await See(scored).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        await See(scored.First).ToContainTextAsync("1,500 customers");

        await OpenAsync();
        await SignInAsync(Roles.Marketer, path: "/audiences");
        await See(Page.Locator("#scored-by")).ToContainTextAsync("By the scores of version 1.");
        await See(Page.Locator("tr").Filter(new() { HasText = "Uplift in top 30%" }).Locator("td.num")).ToHaveTextAsync("450");
        var serious = (await Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help}").ToList();
        Assert.True(serious.Count == 0, string.Join('\n', serious));

        await GoAsync("/campaigns/new?step=audience");
        await See(Page.Locator("#audience-size")).ToContainTextAsync("1,500");
        await Page.Locator(".choices label").Filter(new() { HasText = "Uplift in top 30%" }).First.ClickAsync();
        await See(Page.Locator("#audience-size")).ToContainTextAsync("450");
        await See(Page).ToHaveURLAsync(Editor());
        // What was picked is what the shop has.
        var listed = await Shop.Services.GetRequiredService<SegmentList>().ListAsync(Stop);
        Assert.Equal(450, listed.Single(s => s.Key == "uplift:top30").Size);

        // It is an audience like any other: predicted for so many, and its prediction is the top's own.
        await Page.Locator("#step-predict").ClickAsync();
        await See(Page.Locator("tr.total")).ToContainTextAsync("450", new() { Timeout = 30_000 });
    }

    [GeneratedRegex("/campaigns/[0-9a-f-]{36}/edit\\?step=audience$")]
    private static partial Regex Editor();
}
