using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns.Suggestions;
using CampaignManager.Web.Tests.Campaigns.Predict;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns.Suggestions;

/// <summary>Suggestions over all campaigns, over the real services.</summary>
[Collection(TrainedApp.Shared)]
public sealed class SuggestionsPageTests(TrainedApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_ThenUndo_FromThePage_ChangesTheDraftAndBack()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app, "Shoes for all");
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var page = Open(circuit, campaign);

        var card = page.WaitForElement("#open-suggestions .suggestion");
        Assert.Equal($"/campaigns/{campaign}?tab=predict", card.QuerySelector(".suggestion-campaign a")!.GetAttribute("href"));
        Assert.Contains("Shoes for all", card.TextContent, StringComparison.Ordinal);
        await page.PressAsync("#open-suggestions .suggestion button", "Apply");
        page.WaitForElement("#just-decided .suggestion[data-state=Applied]");
        Assert.Equal(RulesJson.Write(Suggested.ShoesAndHome), RulesJson.Write((await app.Campaigns.GetAsync(campaign, Cancel))!.Rules));

        await page.PressAsync("#just-decided .suggestion button", "Undo");
        page.WaitForElement("#just-decided .suggestion[data-state=Undone]");
        Assert.Equal(RulesJson.Write(Suggested.Shoes), RulesJson.Write((await app.Campaigns.GetAsync(campaign, Cancel))!.Rules));
        Assert.Equal(SuggestionState.Undone, (await Suggested.ReadAsync(app, suggestion)).State);
    }

    [Fact]
    public async Task Dismiss_WithReason_MovesItToTheDecidedOnes()
    {
        var (campaign, _) = await Suggested.AddAsync(app);
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var page = Open(circuit, campaign);
        page.WaitForElement("#open-suggestions .suggestion");
        await page.PressAsync("#open-suggestions .suggestion button", "Dismiss");
        page.WaitForElement("#open-suggestions .suggestion input").Input("Home has no stock");
        page.WaitForAssertion(() => Assert.False(page.Find("#open-suggestions .mud-button-filled").HasAttribute("disabled")));
        await page.PressAsync("#open-suggestions .mud-button-filled");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#open-suggestions .suggestion")));

        var decided = Open(circuit, campaign, "&decided=true");
        var row = decided.WaitForElement(".decided-table tr[data-state=Dismissed]");
        Assert.Contains("Home has no stock", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("+¥12,300", row.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_AnotherMarketers_IsForReading()
    {
        var (campaign, _) = await Suggested.AddAsync(app);
        await using var circuit = new ACircuit(app, Actor.Of("moe", "Moe", Roles.Marketer));
        var card = Open(circuit, campaign).WaitForElement("#open-suggestions .suggestion");
        Assert.Equal(["Details"], card.QuerySelectorAll("button").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public async Task Csv_OfTheFilters_HasALineEachAndWordsOfTheReader()
    {
        var (campaign, _) = await Suggested.AddAsync(app, "=Shoes, \"all\"");
        var visitor = await Visitor.SignedInAsync(app, "marketer@demo");
        var text = await visitor.Client.GetStringAsync($"/suggestions.csv?campaign={campaign}", Cancel);
        var lines = text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("campaign,campaignId,suggestion,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            $"\"'=Shoes, \"\"all\"\"\",{campaign},Widen the scope to Home for New customers,widenScope,new,12300,4100,20800,CNY,0.97,3214,",
                lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_Anonymous_IsSentToSignIn() =>
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await new Visitor(app).GetAsync("/suggestions.csv")).Status);

    private static IRenderedComponent<SuggestionsPage> Open(ACircuit circuit, Guid campaign, string more = "")
    {
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo($"/suggestions?campaign={campaign}{more}");
        return circuit.Render<SuggestionsPage>();
    }
}
