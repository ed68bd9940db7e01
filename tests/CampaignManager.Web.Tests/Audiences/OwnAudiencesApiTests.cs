using System.Net;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Web.Tests.Offers;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Audiences;

/// <summary>An audience from its rules to the checkout, by HTTP alone.</summary>
public sealed class OwnAudiencesApiTests : IAsyncLifetime
{
    private const string NewAndShoes = """{ "and": [{ "segment": "new" }, { "segment": "favourite:shoes" }] }""";

    private readonly OfferShop app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Of twelve the even ones are new, every third likes shoes: C-00 and C-06 are both.
        ScoredCustomers.LayFeatures(
            app.Services.GetRequiredService<DataLake>(), [.. Enumerable.Range(0, 12).Select(i => ($"C-{i:D2}", i % 2 == 0 ? "new" : "loyal", i % 3 == 0 ? (string?)"shoes" : null))]);
        await app.Services.GetRequiredService<SegmentService>().RankAsync(Cancel);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Checkout_CartWithOnlyTheCustomersId_GetsTheOfferOfASavedAudience()
    {
        var campaigns = await app.KeyAsync(Scopes.Campaigns);
        var made = await OfferShop.PostAsync(campaigns, "/audiences", $$"""{ "name": "New and likes shoes", "predicate": {{NewAndShoes}} }""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        await app.LiveAsync(
            """{ "name": "Shoes", "currency": "CNY", "offer": { "type": "amountOff", "amount": 5, "per": "order" }, "audience": { "anyOf": ["audience:new-and-likes-shoes"] }, "experiment": { "holdoutPercent": 0 } }""");
        var offers = await app.KeyAsync(Scopes.Offers);
        Assert.Equal(95m, await TotalAsync("""{ "id": "C-00" }"""));
        Assert.Equal(100m, await TotalAsync("""{ "id": "C-02" }"""));
        Assert.Equal(100m, await TotalAsync("""{ "id": "nobody" }"""));
        // Who says the segments is believed.
        Assert.Equal(100m, await TotalAsync("""{ "id": "C-00", "segments": [] }"""));
        Assert.Equal(95m, await TotalAsync("""{ "id": "C-02", "segments": ["audience:new-and-likes-shoes"] }"""));

        // Another meaning is priced at once.
        await OfferShop.OkAsync(await campaigns.PutAsync("/api/v1/audiences/audience:new-and-likes-shoes", Json("""{ "name": "New", "predicate": { "segment": "new" } }"""), Cancel));
        Assert.Equal(95m, await TotalAsync("""{ "id": "C-02" }"""));

        async Task<decimal> TotalAsync(string customer)
        {
            var cart = $$"""{ "cart": { "currency": "CNY", "customer": {{customer}}, "lines": [{ "id": "1", "sku": "A", "categories": ["tea"], "quantity": 1, "unitPrice": 100 }] } }""";
            return (decimal)(await OfferShop.OkAsync(await OfferShop.PostAsync(offers, "/offers/quote", cart)))["total"]!;
        }
    }

    [Fact]
    public async Task Resource_ReadChangedAndDeleted_GoesByItsVersion()
    {
        var key = await app.KeyAsync(Scopes.Campaigns);
        await OfferShop.PostAsync(key, "/audiences", $$"""{ "key": "shoes", "name": "Shoes", "predicate": {{NewAndShoes}} }""");
        var read = await key.GetAsync("/api/v1/audiences/audience:shoes", Cancel);
        Assert.Equal("\"1\"", read.Headers.ETag!.Tag);
        var shown = await OfferShop.OkAsync(read);
        Assert.Equal(("Customers who are in “New customers” and are in “Favourite: Shoes”.", 2L), ((string)shown["sentence"]!, (long)shown["size"]!));

        // What was read may be sent back as it is.
        Assert.Equal(2, (int)(await OfferShop.OkAsync(await key.PutAsync("/api/v1/audiences/audience:shoes", Json(shown.ToJsonString()), Cancel)))["version"]!);
        using var stale = new HttpRequestMessage(HttpMethod.Put, "/api/v1/audiences/audience:shoes") { Content = Json(shown.ToJsonString()) };
        stale.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await key.SendAsync(stale, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await key.DeleteAsync("/api/v1/audiences/audience:shoes", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await key.GetAsync("/api/v1/audiences/audience:shoes", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("""{ "predicate": { "segment": "new", "sgment": "x" } }""", "predicate.sgment")]
    [InlineData("""{ "predicate": { "and": [{ "did": "views", "atLeast": 1.5 }] } }""", "predicate.and[0].atLeast")]
    [InlineData("""{ "predicate": { "segment": "nobody-knows" } }""", "predicate")]
    [InlineData("""{ "predicate": { "segment": "new" }, "exakt": true }""", "exakt")]
    [InlineData("""{ }""", "predicate")]
    public async Task Size_BadInput_NamesThePath(string body, string path)
    {
        var refused = await OfferShop.PostAsync(await app.KeyAsync(Scopes.Campaigns), "/audiences/size", body);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains($"\"{path}\"", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Size_OfRules_SaysAsOfWhenAndWhom()
    {
        var size = await OfferShop.OkAsync(await OfferShop.PostAsync(await app.KeyAsync(Scopes.Campaigns), "/audiences/size", $$"""{ "predicate": {{NewAndShoes}} }"""));
        Assert.Equal((2L, true), ((long)size["size"]!, (bool)size["exact"]!));
        Assert.NotNull(size["asOf"]);
    }

    [Fact]
    public async Task Members_WithoutTheScopeCustomers_AreNotShown()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.KeyAsync(Scopes.Campaigns)).GetAsync("/api/v1/audiences/new/members", Cancel)).StatusCode);
        var both = await app.KeyAsync(Scopes.Campaigns, Scopes.Customers);
        Assert.Equal(6, (int)(await OfferShop.OkAsync(await both.GetAsync("/api/v1/audiences/new/members?n=20", Cancel)))["total"]!);
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
