using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Web.Tests.Offers;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Audiences;

/// <summary>Who is in which segment, asked over HTTP by a shop and by a mailing list.</summary>
public sealed class SegmentMembersApiTests : IAsyncLifetime
{
    private readonly OfferShop app = new();
    private HttpClient shop = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => shop = await app.KeyAsync(Scopes.Offers);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Customer_OfTheTopTenth_IsInAllThatLieAroundIt()
    {
        var model = await ScoredAsync();
        var customer = await OfAsync("C-39");
        Assert.Equal("C-39", (string)customer["customerId"]!);
        Assert.Equal(["loyal", "favourite:tea/green", "uplift:top10", "uplift:top30", "uplift:top50"], Segments(customer));
        Assert.Equal((model, ScoredCustomers.At), ((Guid)customer["modelId"]!, (DateTime)customer["scoredAt"]!));
        Assert.NotNull(customer["computedAt"]);
        Assert.Equal(["active", "favourite:tea/green", "uplift:top30", "uplift:top50"], Segments(await OfAsync("C-30")));
        Assert.Equal(["active", "favourite:tea/green", "uplift:negative"], Segments(await OfAsync("C-00")));
    }

    [Fact]
    public async Task Customer_WithASlashInTheId_IsFound()
    {
        ScoredCustomers.LayFeatures(app.Services.GetRequiredService<DataLake>(), ("C/1 é", "new", null));
        await app.Services.GetRequiredService<SegmentService>().RankAsync(Cancel);
        var customer = await OfAsync("C/1 é");
        Assert.Equal(("C/1 é", (string?)null), ((string)customer["customerId"]!, (string?)customer["modelId"]));
        Assert.Equal(["new"], Segments(customer));
    }

    [Fact]
    public async Task Customer_WhoCameSince_IsInNone_AndAStrangerIsUnknown()
    {
        await OfferShop.RefusedAsync(await shop.GetAsync("/api/v1/customers/C-1/segments", Cancel), HttpStatusCode.NotFound, "customer-unknown");
        var lake = app.Services.GetRequiredService<DataLake>();
        using (var connection = lake.Open())
        using (var batch = lake.Begin("test"))
        {
            batch.Add(connection, LakeTable.Customers, $"SELECT * FROM (VALUES ('C-new', TIMESTAMP '2026-10-01 00:00:00', 'east', 'app', 'phone')) t({LakeTable.Customers.ColumnList})", "new");
            batch.Commit();
        }

        var known = await OfAsync("C-new");
        Assert.Empty(Segments(known));
        Assert.Null(known["computedAt"]);
        await ScoredAsync();
        Assert.Empty(Segments(await OfAsync("C-new")));
        await OfferShop.RefusedAsync(await shop.GetAsync("/api/v1/customers/C-nobody'%20OR%201=1/segments", Cancel), HttpStatusCode.NotFound, "customer-unknown");
    }

    [Fact]
    public async Task Csv_HasEachMemberOnALine()
    {
        await ScoredAsync();
        var key = await app.KeyAsync(Scopes.Campaigns, Scopes.Customers);
        var response = await key.GetAsync("/api/v1/segments/uplift:top10/customers.csv", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("text/csv", "segment-uplift-top10.csv"), (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentDisposition!.FileName));
        Assert.Equal("customerId\nC-36\nC-37\nC-38\nC-39\n", await response.Content.ReadAsStringAsync(Cancel));
        // Known to the shop, though nobody is in it.
        Assert.Equal("customerId\n", await key.GetStringAsync("/api/v1/segments/lapsed/customers.csv", Cancel));
        Assert.Equal(41, (await key.GetStringAsync("/api/v1/segments/favourite:tea%2Fgreen/customers.csv", Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await OfferShop.RefusedAsync(await key.GetAsync("/api/v1/segments/vip/customers.csv", Cancel), HttpStatusCode.NotFound, "segment-unknown");
    }

    private async Task<Guid> ScoredAsync()
    {
        var lake = app.Services.GetRequiredService<DataLake>();
        ScoredCustomers.LayFeatures(lake, [.. Enumerable.Range(0, 40).Select(i => ($"C-{i:D2}", i % 2 == 0 ? "active" : "loyal", (string?)"tea/green"))]);
        var model = await ScoredCustomers.ModelInUseAsync(app.Contexts);
        await ScoredCustomers.ScoreAsync(lake, model, [.. Enumerable.Range(0, 40).Select(i => ($"C-{i:D2}", 0.01 * (i - 10)))]);
        await app.Services.GetRequiredService<SegmentService>().RankAsync(Cancel);
        return model;
    }

    private async Task<JsonObject> OfAsync(string id) => await OfferShop.OkAsync(await shop.GetAsync($"/api/v1/customers/{Uri.EscapeDataString(id)}/segments", Cancel));

    private static string[] Segments(JsonObject customer) => [.. customer["segments"]!.AsArray().Select(s => (string)s!)];
}
