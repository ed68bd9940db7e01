using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.Tests.Uplift.Scoring;
using CampaignManager.Web.Tests.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Audiences;

/// <summary>A shop that knows its customers by e-mail address: its files brought pseudonyms, and its checkout goes on calling with the address.</summary>
public sealed class CallerIdsApiTests : IAsyncLifetime
{
    private const string Ann = "Ann.Lee@example.com";
    private readonly OfferShop app = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Pseudonym => app.Services.GetRequiredService<IPersonKeys>().Pseudonym(PersonKeyKinds.Email, Ann);

    public async ValueTask InitializeAsync()
    {
        ScoredCustomers.LayFeatures(app.Services.GetRequiredService<DataLake>(), [(Pseudonym, "new", "shoes"), ("C-2", "loyal", null)]);
        await app.Services.GetRequiredService<SegmentService>().RankAsync(Cancel);
        await OfferShop.OkAsync(await (await app.KeyAsync(Scopes.Everything)).PutAsync("/api/v1/settings", Json("""{ "apiIds": "email" }"""), Cancel));
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Checkout_CartNamesAnAddress_MeetsItsHistoryAndKeepsNoAddress()
    {
        var campaign = await app.LiveAsync("""
            { "name": "New", "currency": "CNY", "offer": { "type": "amountOff", "amount": 5, "per": "order" }, "audience": { "anyOf": ["new"] },
              "limits": { "usesPerCustomer": 1 }, "experiment": { "holdoutPercent": 0 } }
            """);
        var offers = await app.KeyAsync(Scopes.Offers, Scopes.Customers);

        Assert.Equal(95m, (decimal)(await OfferShop.OkAsync(await OfferShop.PostAsync(offers, "/offers/quote", Cart(Ann))))["total"]!);
        Assert.Contains("new", (await offers.GetStringAsync($"/api/v1/customers/{Uri.EscapeDataString(Ann)}/segments", Cancel)), StringComparison.Ordinal);
        Assert.Contains(campaign, await offers.GetStringAsync($"/api/v1/customers/{Uri.EscapeDataString(Ann)}/campaigns", Cancel), StringComparison.Ordinal);
        var redeemed = await OfferShop.PostAsync(offers, "/redemptions", Cart(Ann).Replace("{ \"cart\"", "{ \"orderId\": \"1\", \"cart\"", StringComparison.Ordinal));
        Assert.True(redeemed.IsSuccessStatusCode, await redeemed.Content.ReadAsStringAsync(Cancel));

        // Written otherwise it is the same person, who has had it.
        Assert.Equal(100m, (decimal)(await OfferShop.OkAsync(await OfferShop.PostAsync(offers, "/offers/quote", Cart(" ann.lee@EXAMPLE.com "))))["total"]!);
        await using var database = await app.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(Cancel);
        var kept = await database.Redemptions.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal(Pseudonym, kept.CustomerId);
    }

    [Fact]
    public async Task Profile_ByAnAddress_IsThePersons()
    {
        var lake = app.Services.GetRequiredService<DataLake>();
        using (var connection = lake.Open())
        using (var batch = lake.Begin("test"))
        {
            batch.Add(connection, LakeTable.Customers,
                $"SELECT * FROM (VALUES ('{Pseudonym}', TIMESTAMP '2026-01-01', 'west', 'app', 'phone')) t({LakeTable.Customers.ColumnList})", "customers");
            batch.Commit();
        }

        var key = await app.KeyAsync(Scopes.Customers);
        var profile = await OfferShop.OkAsync(await key.GetAsync($"/api/v1/customers/{Uri.EscapeDataString(Ann)}", Cancel));
        Assert.Equal((Pseudonym, "west"), ((string?)profile["id"], (string?)profile["region"]));
        await OfferShop.OkAsync(await key.GetAsync($"/api/v1/customers/{Uri.EscapeDataString(Ann)}/timeline", Cancel));
    }

    [Fact]
    public async Task Codes_BoundToAnAddress_AreForWhoeverHasIt()
    {
        var campaign = await app.LiveAsync("""
            { "name": "Mine", "currency": "CNY", "offer": { "type": "amountOff", "amount": 7, "per": "order" }, "trigger": { "uniqueCodes": true },
              "experiment": { "holdoutPercent": 0 } }
            """);
        var keys = await app.KeyAsync(Scopes.Campaigns, Scopes.Offers);
        await OfferShop.PostAsync(keys, $"/campaigns/{campaign}/codes", $$"""{ "codes": ["ANN-1"], "customerId": "{{Ann}}" }""");

        Assert.Equal(93m, (decimal)(await OfferShop.OkAsync(await OfferShop.PostAsync(keys, "/offers/quote", Cart(Ann, "ANN-1"))))["total"]!);
        Assert.Equal(100m, (decimal)(await OfferShop.OkAsync(await OfferShop.PostAsync(keys, "/offers/quote", Cart("C-2", "ANN-1"))))["total"]!);
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private static string Cart(string customer, string? code = null) => $$"""
        { "cart": { "currency": "CNY", "customer": { "id": "{{customer}}" }, "codes": [{{(code is null ? "" : $"\"{code}\"")}}],
          "lines": [{ "id": "1", "sku": "A", "categories": ["tea"], "quantity": 1, "unitPrice": 100 }] } }
        """;
}
