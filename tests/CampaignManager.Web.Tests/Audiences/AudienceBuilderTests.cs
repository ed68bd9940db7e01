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
        page.Find("#audience-name").Input("Fresh");
        page.FindAll("button").Single(b => b.TextContent.Trim() == "Save").Click();
        await page.UntilAsync(async () =>
            Assert.Equal("""{"and":[{"segment":"new"}]}""", PredicateJson.Write((await app.Services.GetRequiredService<AudienceService>().FindAsync("fresh", Cancel))!.Predicate)));
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
}
