using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Tests.Offers;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Audiences;

/// <summary>An audience by uplift from the wizard to the checkout.</summary>
public sealed class UpliftAudienceTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);

    private readonly OfferShop app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task<Guid> ScoredAsync()
    {
        var lake = app.Services.GetRequiredService<DataLake>();
        ScoredCustomers.LayFeatures(lake, [.. Enumerable.Range(0, 40).Select(i => ($"C-{i:D2}", i % 2 == 0 ? "active" : "loyal", (string?)null))]);
        var model = await ScoredCustomers.ModelInUseAsync(app.Contexts);
        await ScoredCustomers.ScoreAsync(lake, model, [.. Enumerable.Range(0, 40).Select(i => ($"C-{i:D2}", 0.01 * (i - 10)))]);
        await app.Services.GetRequiredService<SegmentService>().RankAsync(Cancel);
        return model;
    }

    [Fact]
    public async Task Wizard_TopThirty_IsChosenCountedAndSaved()
    {
        await ScoredAsync();
        var campaigns = app.Services.GetRequiredService<CampaignService>();
        var id = (await campaigns.CreateDraftAsync("By score", new CampaignRules(), Mia, Cancel)).Value;
        await using var circuit = new ACircuit(app, Mia);
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo($"/campaigns/{id}/edit?step=audience");
        var page = circuit.Render<CampaignEditorPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains("40", page.Find("#audience-size").TextContent));
        Assert.Contains("told by the holdout", page.Markup);
        Choice("Uplift in top 30%", "12");
        page.WaitForAssertion(() => Assert.Contains("12", page.Find("#audience-size").TextContent));
        Choice("Loyal", "20");
        // Loyal ones are odd: 20 of them, and six even ones of the top.
        page.WaitForAssertion(() => Assert.Contains("26", page.Find("#audience-size").TextContent));
        await page.UntilAsync(async () => Assert.Equal(["loyal", "uplift:top30"], (await campaigns.GetAsync(id, Cancel))!.Rules.Audience.AnyOf));

        void Choice(string name, string size)
        {
            var label = page.FindAll(".choices label").Single(l => l.QuerySelector(".choice span")?.FirstChild?.TextContent == name);
            Assert.Equal(size, label.QuerySelector(".choice .num")!.TextContent);
            label.QuerySelector("input")!.Change(true);
        }
    }

    [Fact]
    public async Task Check_SegmentsByAnEarlierVersionAndOnesThatAreGone_AreSaid()
    {
        await ScoredAsync();
        await ScoredCustomers.ModelInUseAsync(app.Contexts);
        var rules = new CampaignRules { Audience = new Audience { AnyOf = ["uplift:top30"], NoneOf = ["vip"] } };
        var id = (await app.Services.GetRequiredService<CampaignService>().CreateDraftAsync("Old scores", rules, Mia, Cancel)).Value;
        await using var circuit = new ACircuit(app, Mia);
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo($"/campaigns/{id}/edit?step=check");
        var page = circuit.Render<CampaignEditorPage>(p => p.Add(c => c.Id, id));
        var look = page.WaitForElement("#check-look");
        Assert.Contains("“Uplift in top 30%” goes by the scores of version 1 of the model", look.TextContent);
        Assert.Contains("“vip” is not a segment of this shop", look.TextContent);
    }

    [Fact]
    public async Task GoodsBySegment_AreRefusedForRanks()
    {
        var rules = new CampaignRules { Scope = new Scope { PerSegment = [new SegmentScope("uplift:top30", ["tea"])] } };
        var refused = await app.Services.GetRequiredService<CampaignService>().CreateDraftAsync("By score", rules, Mia, Cancel);
        Assert.Equal(["scope.perSegment[0].segment"], refused.Failure!.Errors!.Keys);
    }

    [Fact]
    public async Task Api_Audiences_NameTheirKindAndTheVersion()
    {
        var model = await ScoredAsync();
        var key = await app.KeyAsync(Scopes.Campaigns);
        var page = await OfferShop.OkAsync(await key.GetAsync("/api/v1/audiences?q=uplift:top30", Cancel));
        var segment = Assert.Single(page["items"]!.AsArray())!;
        Assert.Equal(("uplift:top30", "uplift", "增量前30%", 12L), ((string)segment["key"]!, (string)segment["kind"]!, (string)segment["name"]!["zh"]!, (long)segment["size"]!));
        Assert.Equal((model, 1, true), ((Guid)segment["scoredBy"]!["modelId"]!, (int)segment["scoredBy"]!["number"]!, (bool)segment["scoredBy"]!["inUse"]!));
        Assert.Null((await OfferShop.OkAsync(await key.GetAsync("/api/v1/audiences?q=loyal", Cancel)))["items"]![0]!["scoredBy"]);
        var document = await OfferShop.OkAsync(await app.CreateClient().GetAsync("/openapi/v1.json", Cancel));
        Assert.Contains("uplift", document["components"]!["schemas"]!["SegmentKind"]!["enum"]!.AsArray().Select(e => (string)e!));
    }

    [Fact]
    public async Task Checkout_CartsOfTheTop_GetTheOfferAndOthersDoNot()
    {
        await app.LiveAsync(
            """{ "name": "Top", "currency": "CNY", "offer": { "type": "amountOff", "amount": 5, "per": "order" }, "audience": { "anyOf": ["uplift:top30"], "noneOf": ["uplift:negative"] }, "limits": { "budget": 1000 } }""");
        var key = await app.KeyAsync(Scopes.Offers);
        Assert.Equal(95m, await TotalAsync("""["uplift:top30", "uplift:top50", "loyal"]"""));
        Assert.Equal(100m, await TotalAsync("""["uplift:top50", "loyal"]"""));
        Assert.Equal(100m, await TotalAsync("""["uplift:top30", "uplift:negative"]"""));
        Assert.Equal(100m, await TotalAsync("[]"));

        async Task<decimal> TotalAsync(string segments)
        {
            var cart = $$"""{ "cart": { "currency": "CNY", "customer": { "id": "C-1", "segments": {{segments}} }, "lines": [{ "id": "1", "sku": "A", "categories": ["tea"], "quantity": 1, "unitPrice": 100 }] } }""";
            return (decimal)(await OfferShop.OkAsync(await OfferShop.PostAsync(key, "/offers/quote", cart)))["total"]!;
        }
    }
}
