using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Web.Tests.Fixtures;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>A field that does not exist is never swallowed: a limit or a quantity that is spelled wrongly costs money.</summary>
public sealed class UnknownFieldTests(PostgresServer server)
{
    private const string Offer = """ "offer": { "type": "percentOff", "tiers": [{ "percent": 10 }] } """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Campaigns_FieldsThatDoNotExist_AreAllNamedWhereverTheyAreSaved()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Everything);
        const string Wrong = $$"""{ "name": "t", {{Offer}}, "limit": { "uses": 3 }, "schedule": { "timeZone": "Europe/Berlin", "startsAt": "2030-01-01" } }""";
        var made = await OkAsync(await PostAsync(client, "/campaigns", $$"""{ "name": "good", {{Offer}} }"""));

        await NamedAsync(await PostAsync(client, "/campaigns", Wrong), "limit", "schedule.startsAt");
        using var put = new StringContent(Wrong, System.Text.Encoding.UTF8, "application/json");
        await NamedAsync(await client.PutAsync($"/api/v1/campaigns/{made["id"]}", put, Stop), "limit", "schedule.startsAt");
        await NamedAsync(await PostAsync(client, "/campaigns/import", $$"""{ "campaigns": [{{Wrong}}] }"""), "campaigns[0].limit", "campaigns[0].schedule.startsAt");
        await NamedAsync(await PostAsync(client, "/campaigns/import", $$"""{ "campaigns": [], "campaign": {} }"""), "campaign");
        await NamedAsync(
            await PostAsync(client, "/offers/simulate", $$"""{ "cart": {{Cart(100)}}, "campaigns": [{{Wrong}}], "setting": {} }"""),
            "campaigns[0].limit", "campaigns[0].schedule.startsAt", "setting");
        await NamedAsync(await PostAsync(client, $"/campaigns/{made["id"]}/codes", """{ "count": 3, "customer": "C-1" }"""), "customer");
        Assert.Equal(1, (int)(await OkAsync(await client.GetAsync("/api/v1/campaigns", Stop)))["total"]!);
    }

    [Fact]
    public async Task Campaigns_SentBackAsTheyWereRead_AreTaken()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Everything);
        var made = await OkAsync(await PostAsync(client, "/campaigns", $$"""{ "name": "good", {{Offer}}, "scope": { "include": { "skus": ["S-1"] } } }"""));
        using var back = new StringContent(made.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync($"/api/v1/campaigns/{made["id"]}", back, Stop)).StatusCode);
        var simulated = await OkAsync(await PostAsync(client, "/offers/simulate", $$"""{ "cart": {{Cart(100)}}, "campaigns": [{{made.ToJsonString()}}] }"""));
        Assert.Equal(90, (decimal)simulated["total"]!);
        var exported = await OkAsync(await client.GetAsync("/api/v1/campaigns/export", Stop));
        Assert.Equal(1, (int)(await OkAsync(await PostAsync(client, "/campaigns/import?dryRun=true", exported.ToJsonString())))["unchanged"]!);
    }

    [Fact]
    public async Task Carts_OfANewShop_AreRefusedWithThePath_AndMetaIsFree()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Everything);
        const string Good = """ "id": "1", "sku": "S", "quantity": 1, "unitPrice": 10 """;
        var wrong = $$"""{ "currency": "EUR", "code": ["X"], "customer": { "ids": "C" }, "lines": [{ {{Good}}, "qty": 3 }] }""";
        await NamedAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{wrong}}, "explained": "full" }"""), "cart.code", "cart.customer.ids", "cart.lines[0].qty", "explained");
        await NamedAsync(await PostAsync(client, "/offers/simulate", $$"""{ "cart": {{wrong}}, "campaigns": [] }"""), "cart.code", "cart.customer.ids", "cart.lines[0].qty");
        await NamedAsync(await PostAsync(client, "/redemptions", $$"""{ "cart": {{wrong}}, "orderId": "A", "expected": 5 }"""), "cart.code", "cart.lines[0].qty", "expected");
        var free = $$"""
            { "currency": "EUR", "meta": { "till": 4 }, "customer": { "id": "C", "meta": {} }, "lines": [{ {{Good}}, "meta": { "gift": { "note": "x" } } }] }
            """;
        var made = await OkAsync(await PostAsync(client, "/redemptions", $$"""{ "cart": {{free}}, "orderId": "A" }"""));
        Assert.Null(made["warnings"]);
        await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/confirm", null));
        await NamedAsync(await PostAsync(client, $"/redemptions/{made["id"]}/refunds", """{ "lines": [{ "id": "1", "quantity": 1, "qty": 2 }], "line": 1 }"""), "lines[0].qty", "line");
        Assert.Equal(0, (decimal)(await OkAsync(await client.GetAsync($"/api/v1/redemptions/{made["id"]}", Stop)))["refunded"]!);
    }

    [Fact]
    public async Task Carts_OfAShopFromBefore_AreWarnedUntilAnAdminSwitches()
    {
        await using var shop = new ReleaseApp();
        await shop.InitializeAsync();
        var client = shop.Caller("planner");
        var cart = """{ "cart": { "currency": "CNY", "lines": [{ "id": "1", "sku": "S", "quantity": 1, "unitPrice": 10, "qty": 3 }] }, "explain": "none" }""";
        var warned = Assert.Single((await OkAsync(await PostAsync(client, "/offers/quote", cart)))["warnings"]!.AsArray())!;
        Assert.Equal(("cart.lines[0].qty", "field-unknown"), ((string)warned["path"]!, (string)warned["code"]!));
        Assert.Contains("'quantity'", (string)warned["message"]!, StringComparison.Ordinal);
        Assert.Equal("warn", (string)(await OkAsync(await client.GetAsync("/api/v1/settings", Stop)))["unknownFields"]!);

        using var change = new StringContent("""{ "unknownFields": "refuse" }""", System.Text.Encoding.UTF8, "application/json");
        await OkAsync(await client.PutAsync("/api/v1/settings", change, Stop));
        await NamedAsync(await PostAsync(client, "/offers/quote", cart), "cart.lines[0].qty");
    }

    /// <summary>400, and these fields are named, each with a sentence that says what it is.</summary>
    private static async Task NamedAsync(HttpResponseMessage response, params string[] paths)
    {
        var errors = (await RefusedAsync(response, HttpStatusCode.BadRequest, ((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["code"])!))["errors"]!.AsObject();
        Assert.All(paths, path => Assert.True(errors.ContainsKey(path), $"{path} is not named: {errors.ToJsonString()}"));
        Assert.All(paths, path => Assert.Contains(errors[path]!.AsArray(), sentence => ((string)sentence!).Contains("is not a field here", StringComparison.Ordinal)));
    }
}
