using Bunit;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Engine.Audiences.Predicates;
using CampaignManager.Web.Audiences;
using CampaignManager.Web.Tests.Campaigns;
using CampaignManager.Web.Tests.Hosting;
using CampaignManager.Web.Tests.Offers;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace CampaignManager.Web.Tests.Audiences;

public sealed class SegmentPageTests : IAsyncLifetime
{
    private static readonly Actor Mia = Actor.Of("mia", "Mia", Roles.Marketer);

    private static readonly Actor Ada = Actor.Of("ada", "Ada", Roles.Admin);

    private readonly OfferShop app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Half are new; half of those like shoes, the rest of all like kitchen things.</summary>
    public async ValueTask InitializeAsync()
    {
        ScoredCustomers.LayFeatures(
            app.Services.GetRequiredService<DataLake>(), [.. Enumerable.Range(0, 400).Select(i => ($"C-{i:D3}", i % 2 == 0 ? "new" : "loyal", i % 4 == 0 ? (string?)"shoes" : "kitchen"))]);
        await app.Services.GetRequiredService<SegmentService>().RankAsync(Cancel);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Segment_OfEveryShop_ShowsSizeTraitsAndItsHistory()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<SegmentPage>(p => p.Add(s => s.Key, "new"));
        Assert.StartsWith("200 of 400 customers (50.0%).", page.WaitForElement("#segment-as-of").TextContent, StringComparison.Ordinal);
        var rows = page.FindAll("#traits tbody tr").Select(r => string.Join('|', r.Children.Select(c => c.TextContent)));
        Assert.Equal(
            ["Lifecycle: Loyal|0.0%|50.0%|−50.0", "Lifecycle: New customers|100.0%|50.0%|+50.0", "Likes Kitchen best|50.0%|75.0%|−25.0", "Likes Shoes best|50.0%|25.0%|+25.0"], rows);
        Assert.Contains("with 200 customers", page.Find("#history-begins").TextContent, StringComparison.Ordinal);
        Assert.Contains("No campaign names it", page.Find("#used-by").TextContent, StringComparison.Ordinal);
        // A marketer without the right sees no customer.
        Assert.Empty(page.FindAll("#show-members"));
    }

    [Fact]
    public async Task Members_ForWhoMaySeeCustomers_AreShownOnDemandWithTheirPages()
    {
        await using var circuit = new ACircuit(app, Ada);
        var page = circuit.Render<SegmentPage>(p => p.Add(s => s.Key, "favourite:shoes"));
        await page.PressAsync("#show-members");
        page.WaitForAssertion(() => Assert.Equal(10, page.FindAll("#member-sample tbody tr").Count));
        var audit = app.Services.GetRequiredService<AuditLog>();
        Assert.Equal("favourite:shoes", Assert.Single((await audit.ListAsync(new PageRequest(), AuditAction.SampleShown, Ada, Cancel)).Value.Items).Subject);
        Assert.Matches("^/customers/C-\\d{3}$", page.Find("#member-sample a").GetAttribute("href"));
    }

    [Fact]
    public async Task Segment_NobodyHas_SaysSo()
    {
        await using var circuit = new ACircuit(app, Mia);
        var page = circuit.Render<SegmentPage>(p => p.Add(s => s.Key, "favourite:none"));
        page.WaitForAssertion(() => Assert.Contains("no such segment", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Overlap_OfTheAddress_SaysSharesBothWays()
    {
        await app.Services.GetRequiredService<AudienceService>().CreateAsync(new AudienceDraft("Both", new Every([new InSegment("new"), new InSegment("favourite:shoes")])), Mia, Cancel);
        await using var circuit = new ACircuit(app, Mia);
        circuit.Services.GetRequiredService<NavigationManager>().NavigateTo("/audiences?compare=new,favourite:shoes,audience:both,nobody");
        var page = circuit.Render<AudiencesPage>();
        page.WaitForElement("#overlap");
        var rows = page.FindAll("#overlap tbody tr").Select(r => string.Join('|', r.Children.Select(c => string.Join(' ', c.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))));
        Assert.Equal(
            ["New customers200 customers|–|50% 100|50% 100", "Favourite: Shoes100 customers|100% 100|–|100% 100", "Both100 customers|100% 100|100% 100|–"], rows);
        Assert.Equal("/audiences/segments/new", page.Find("#overlap a").GetAttribute("href"));
    }
}
