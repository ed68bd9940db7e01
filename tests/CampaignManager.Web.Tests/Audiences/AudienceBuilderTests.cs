using Bunit;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Web.Audiences;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Tests.Offers;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Audiences;

public sealed class AudienceBuilderTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);

    private readonly OfferShop app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        ScoredCustomers.LayFeatures(
            app.Services.GetRequiredService<DataLake>(), [.. Enumerable.Range(0, 12).Select(i => ($"C-{i:D2}", i % 2 == 0 ? "new" : "loyal", i % 3 == 0 ? (string?)"shoes" : null))]);
        await app.Services.GetRequiredService<SegmentService>().RankAsync(Cancel);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task NewAudience_NamedAndSaved_ReadsAsASentenceWithItsSize()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<AudiencePage>(p => p.Add(a => a.Key, "new"));
        page.WaitForAssertion(() => Assert.Contains("6 customers, as of", page.Find("#audience-live-size").TextContent, StringComparison.Ordinal));
        Assert.Equal("Customers who are in “New customers”.", page.Find("#audience-sentence").TextContent.Trim());
        await page.InvokeAsync(() => page.Find("#audience-name").Input("Fresh"));
        await page.PressAsync("#save-audience:not([disabled])");
        await page.UntilAsync(async () =>
        {
            var made = await app.Services.GetRequiredService<AudienceService>().FindAsync("fresh", Cancel);
            Assert.NotNull(made);
            Assert.Equal("""{"and":[{"segment":"new"}]}""", PredicateJson.Write(made.Predicate));
        });
    }

    [Fact]
    public async Task Audience_AlreadySaved_OpensAsItWasBuilt()
    {
        var both = PredicateJson.Parse("""{"and":[{"segment":"new"},{"segment":"favourite:shoes"}]}""");
        await app.Services.GetRequiredService<AudienceService>().CreateAsync(new AudienceDraft("Both", both), Mia, Cancel);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<AudiencePage>(p => p.Add(a => a.Key, "audience:both"));
        page.WaitForAssertion(() => Assert.Contains("2 customers, as of", page.Find("#audience-live-size").TextContent, StringComparison.Ordinal));
        Assert.Equal("Customers who are in “New customers” and are in “Favourite: Shoes”.", page.Find("#audience-sentence").TextContent.Trim());
    }

    [Fact]
    public async Task Delete_AsksForTheName_AndOnlyThenDeletes()
    {
        var service = app.Services.GetRequiredService<AudienceService>();
        await service.CreateAsync(new AudienceDraft("Away", new InSegment("new")), Mia, Cancel);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<AudiencePage>(p => p.Add(a => a.Key, "audience:away"));
        await page.PressAsync("#delete-audience", "Delete Away");
        circuit.Dialogs.WaitForElement("#dialog-name");
        Assert.True(circuit.Dialogs.Find("#dialog-confirm").HasAttribute("disabled"));
        Assert.NotNull(await service.FindAsync("away", Cancel));

        circuit.Dialogs.Find("#dialog-name").Input("Away");
        await circuit.Dialogs.PressAsync("#dialog-confirm:not([disabled])");
        await page.UntilAsync(async () => Assert.Null(await service.FindAsync("away", Cancel)));
    }

    [Fact]
    public async Task Words_TheShopHas_AreChoicesUnderTheirNames_AndNoneChosenIsSaidAtTheLine()
    {
        var region = PredicateJson.Parse("""{"and":[{"attribute":"region","in":["east","mars"]}]}""");
        await app.Services.GetRequiredService<AudienceService>().CreateAsync(new AudienceDraft("East", region), Mia, Cancel);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<AudiencePage>(p => p.Add(a => a.Key, "audience:east"));
        page.WaitForElement(".rule-row");
        // What was chosen and nobody has any more stays a choice.
        var choice = page.FindComponent<ChoiceSelect>();
        Assert.Equal(["east"], choice.Instance.Known.Select(k => k.Key));
        Assert.Equal(12, choice.Instance.Known[0].Customers);
        Assert.Contains("East, mars", choice.Markup, StringComparison.Ordinal);

        await page.InvokeAsync(() => choice.Instance.Changed.InvokeAsync([]));
        page.WaitForAssertion(() => Assert.Contains("Choose at least one.", page.Find(".rule-row").TextContent, StringComparison.Ordinal));
        Assert.Contains("not complete yet", page.Find("#audience-sentence").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("#save-audience").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Number_AsPeoplePasteIt_IsUnderstood()
    {
        var spent = PredicateJson.Parse("""{"and":[{"did":"spend","days":30,"atLeast":5}]}""");
        await app.Services.GetRequiredService<AudienceService>().CreateAsync(new AudienceDraft("Spent", spent), Mia, Cancel);
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<AudiencePage>(p => p.Add(a => a.Key, "audience:spent"));
        page.WaitForElement(".rule-number");
        await page.InvokeAsync(() => page.FindAll(".rule-number input")[1].Input("¥１,２００"));
        page.WaitForAssertion(() =>
            Assert.Equal("Customers who paid at least 1,200 in the last 30 days.", page.Find("#audience-sentence").TextContent.Trim()));
    }
}
