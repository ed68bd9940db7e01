using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Planning;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Campaigns.Predict;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Campaigns.Suggestions;

/// <summary>The cards on the campaign's page, over the real services.</summary>
[Collection(TrainedApp.Shared)]
public sealed class SuggestionCardsTests(TrainedApp app)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Card_Open_SaysWhatItBringsHowSurelyAndOnWhatGrounds()
    {
        var (campaign, _) = await Suggested.AddAsync(app);
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var card = Open(circuit, campaign).WaitForElement(".suggestion", Patience);

        Assert.Equal("Widen the scope to Home for New customers", card.QuerySelector("h3")!.TextContent);
        Assert.Equal("+¥12,300 net profit [¥4,100 .. ¥20,800]", string.Join(' ', card.QuerySelector(".suggestion-figure")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains("n = 3,214, likely 97%", card.QuerySelector(".suggestion-facts")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Outside the offers ever tried", card.QuerySelector(".risk")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("9,876 past exposures in 8 campaigns; one of 57 changes", card.TextContent, StringComparison.Ordinal);
        var change = card.QuerySelector(".before-after tbody tr")!;
        Assert.DoesNotContain("Home", change.QuerySelectorAll("td")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Home", change.QuerySelectorAll("td")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Card_ApplyThenUndo_ChangesTheDraftAndTakesItBack()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var page = Open(circuit, campaign);

        await page.PressAsync(".suggestion[data-state=Open] button", "Apply");
        page.WaitForElement(".suggestion[data-state=Applied]", Patience);
        page.WaitForAssertion(() => Assert.Contains("v2", page.Find(".campaign-strip").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal(RulesJson.Write(Suggested.ShoesAndHome), RulesJson.Write((await app.Campaigns.GetAsync(campaign, Cancel))!.Rules));
        Assert.Contains("Applied by Mia.", page.Find(".suggestion[data-state=Applied]").TextContent, StringComparison.Ordinal);

        await page.PressAsync(".suggestion[data-state=Applied] button", "Undo");
        page.WaitForElement(".suggestion[data-state=Undone]", Patience);
        page.WaitForAssertion(() => Assert.Contains("v3", page.Find(".campaign-strip").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal(RulesJson.Write(Suggested.Shoes), RulesJson.Write((await app.Campaigns.GetAsync(campaign, Cancel))!.Rules));
        Assert.Equal(SuggestionState.Undone, (await Suggested.ReadAsync(app, suggestion)).State);
        Assert.DoesNotContain(page.FindAll(".suggestion[data-state=Undone] button"), b => b.TextContent.Trim() == "Undo");
    }

    [Fact]
    public async Task Card_ChangedMeanwhile_UndoIsNotOffered()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        Assert.Equal(2, (await app.Services.GetRequiredService<SuggestionService>().ApplyAsync(campaign, suggestion, TrainedApp.Mia, Cancel)).Value);
        var changed = Suggested.ShoesAndHome with { Limits = new Limits { Budget = 500 } };
        Assert.True((await app.Campaigns.ReviseAsync(campaign, 2, changed, "edited", "", "", TrainedApp.Mia, Cancel)).Succeeded);

        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var card = Open(circuit, campaign).WaitForElement(".suggestion[data-state=Applied]", Patience);
        Assert.DoesNotContain(card.QuerySelectorAll("button"), b => b.TextContent.Trim() == "Undo");
    }

    [Fact]
    public async Task Card_Dismiss_WantsAReasonAndKeepsIt()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app);
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var page = Open(circuit, campaign);

        await page.PressAsync(".suggestion[data-state=Open] button", "Dismiss");
        var confirm = page.WaitForElement(".suggestion-actions .mud-button-filled", Patience);
        Assert.True(confirm.HasAttribute("disabled"));
        page.Find(".suggestion input").Input("Home has no stock");
        page.WaitForAssertion(() => Assert.False(page.Find(".suggestion-actions .mud-button-filled").HasAttribute("disabled")));
        await page.PressAsync(".suggestion-actions .mud-button-filled");

        var decided = page.WaitForElement(".suggestion[data-state=Dismissed]", Patience);
        Assert.Contains("Dismissed by Mia: Home has no stock", decided.TextContent, StringComparison.Ordinal);
        Assert.Equal("Home has no stock", (await Suggested.ReadAsync(app, suggestion)).DismissReason);
        Assert.Equal(1, (await app.Campaigns.GetAsync(campaign, Cancel))!.Version);
    }

    [Fact]
    public async Task Card_Test_OpensADraftThatReachesATenth()
    {
        var (campaign, suggestion) = await Suggested.AddAsync(app, "Autumn");
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var navigation = circuit.Services.GetRequiredService<NavigationManager>();
        var page = Open(circuit, campaign);
        var before = navigation.Uri;

        await page.PressAsync(".suggestion[data-state=Open] button", "Test on 10%");
        await page.UntilAsync(() => Assert.NotEqual(before, navigation.Uri));
        var made = (await app.Campaigns.GetAsync(Guid.Parse(new Uri(navigation.Uri).Segments[^1]), Cancel))!;
        Assert.StartsWith("Autumn", made.Name, StringComparison.Ordinal);
        Assert.Equal((90m, "mia"), (made.Rules.Experiment.HoldoutPercent, made.Stake.OwnerId));
        Assert.Equal(Suggested.ShoesAndHome.Scope.Include!.Categories, made.Rules.Scope.Include!.Categories);
        Assert.Equal(SuggestionState.Tested, (await Suggested.ReadAsync(app, suggestion)).State);
        Assert.Equal(1, (await app.Campaigns.GetAsync(campaign, Cancel))!.Version);
    }

    [Fact]
    public async Task Card_AnotherMarketersDraft_IsForReadingOnly()
    {
        var (campaign, _) = await Suggested.AddAsync(app);
        await using var circuit = new ACircuit(app, Actor.Of("moe", "Moe", Roles.Marketer));
        var card = Open(circuit, campaign).WaitForElement(".suggestion", Patience);

        Assert.Equal(["Details"], card.QuerySelectorAll("button").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public async Task Panel_NothingWorthChanging_SaysSo()
    {
        // Too few customers for any change of the offer to be told from chance.
        var campaign = await app.DraftAsync(Suggested.Shoes with { Audience = new Audience { AnyOf = ["favourite:garden"], NoneOf = ["lapsed", "lapsing", "loyal"] } });
        await using var circuit = new ACircuit(app, TrainedApp.Mia);
        var page = Open(circuit, campaign);

        page.WaitForAssertion(() => Assert.Contains("Nothing is worth changing", page.Find(".suggestions").TextContent, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll(".suggestion"));
    }

    private static IRenderedComponent<CampaignPage> Open(ACircuit circuit, Guid campaign)
    {
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo($"/campaigns/{campaign}?tab=predict");
        return circuit.Render<CampaignPage>(p => p.Add(c => c.Id, campaign));
    }
}
