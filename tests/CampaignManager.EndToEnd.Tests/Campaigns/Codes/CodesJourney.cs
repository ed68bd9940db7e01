using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.EndToEnd.Tests.Hosting;
using CampaignManager.Engine.Offers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CampaignManager.EndToEnd.Tests.Campaigns.Codes;

public sealed class CodesJourney(RunningShop shop, Browser browser) : Journey(shop, browser)
{
    [Fact]
    public async Task Codes_MadeSearchedRevokedBroughtBackAndExported_AndTheQuoteRefusesARevokedOne()
    {
        var id = await LiveAsync();
        await SignInAsync(Roles.Manager, path: $"/campaigns/{id}?tab=codes");
        await See(Page.GetByText("No unique codes yet")).ToBeVisibleAsync();
        await Page.Locator("#make-codes").ClickAsync();
        await Page.Locator("#batch-name").FillAsync("Newsletter");
        await Page.Locator("#code-count").FillAsync("0");
        await Page.Locator("#codes-save").ClickAsync();
        await See(Page.GetByText("1 to 100,000 codes at a time.")).ToBeVisibleAsync();
        await Page.Locator("#code-count").FillAsync("45");
        await Page.Locator("#code-prefix").FillAsync("TEA-");
        await Page.Locator("#codes-save").ClickAsync();
        await See(Page.Locator("#codes-issued")).ToHaveTextAsync("45");
        await See(Page.Locator(".code-table tbody tr")).ToHaveCountAsync(20);

        // Searched in the database, not on the page: the code stands on a later one.
        await Page.Locator(".mud-pagination button").GetByText("3", new() { Exact = true }).ClickAsync();
        await See(Page.Locator(".code-table tbody tr")).ToHaveCountAsync(5);
        var code = (await Page.Locator(".code-table tbody tr").Last.GetAttributeAsync("data-code"))!;
        await Page.Locator("#code-search").FillAsync(code.ToLowerInvariant());
        await See(Page.Locator(".code-table tbody tr")).ToHaveCountAsync(1);

        Assert.True(await IsTakenAsync(code));
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {code}" }).ClickAsync();
        await See(Page.Locator($"tr[data-code='{code}']")).ToContainTextAsync("Revoked");
        Assert.False(await IsTakenAsync(code));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await See(Page.Locator($"tr[data-code='{code}']")).ToContainTextAsync("Unused");
        Assert.True(await IsTakenAsync(code));

        // The whole batch, which asks first.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Revoke the batch “Newsletter”" }).ClickAsync();
        await Page.Locator("#dialog-confirm").ClickAsync();
        await See(Page.Locator($"tr[data-code='{code}']")).ToContainTextAsync("Revoked");
        Assert.False(await IsTakenAsync(code));

        var download = await Page.RunAndWaitForDownloadAsync(() => Page.Locator("#export-codes").ClickAsync());
        var rows = await File.ReadAllLinesAsync(await download.PathAsync(), Stop);
        Assert.Equal(2, rows.Length);
        Assert.StartsWith($"{code},Newsletter,0,1,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",revoked", rows[1], StringComparison.Ordinal);
    }

    /// <summary>A live campaign of the manager's own that takes unique codes.</summary>
    private async Task<Guid> LiveAsync()
    {
        var (maker, judge) = (Actor.Of("codes-maker", "Codes", Roles.Manager), Actor.Of("codes-judge", "Judge", Roles.Manager));
        var rules = new CampaignRules
        {
            Currency = "USD",
            Offer = new AmountOff { Amount = 7 },
            Trigger = new Trigger { UniqueCodes = true },
            Experiment = new ExperimentPlan { HoldoutPercent = 0 },
        };
        var id = (await Shop.Services.GetRequiredService<CampaignService>().CreateDraftAsync($"Tea codes {Guid.NewGuid():N}", rules, maker, Stop)).Value;
        var transitions = Shop.Services.GetRequiredService<CampaignTransitions>();
        foreach (var step in (Func<Task<Application.Outcome>>[])[() => transitions.SubmitAsync(id, maker, Stop), () => transitions.ApproveAsync(id, null, judge, Stop), () => transitions.LaunchAsync(id, judge, Stop)])
            Assert.True((await step()).Succeeded);
        return id;
    }

    private async Task<bool> IsTakenAsync(string code)
    {
        var key = await Shop.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("codes", [Scopes.Offers]), Actor.System, Stop);
        using var client = new HttpClient { BaseAddress = Shop.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value.Key);
        var cart = new { currency = "USD", codes = new[] { code }, lines = new[] { new { id = "1", sku = "nobody-sells-this", quantity = 1, unitPrice = 100 } } };
        var answer = await client.PostAsJsonAsync("/api/v1/offers/quote", new { cart }, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        var text = await answer.Content.ReadAsStringAsync(Stop);
        var taken = (decimal)JsonNode.Parse(text)!["discountTotal"]! == 7;
        Assert.Equal(!taken, text.Contains("code-revoked", StringComparison.Ordinal));
        return taken;
    }
}
