using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>Refunds of shipping and of amounts without goods, over HTTP.</summary>
public sealed class FreeRefundApiTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Refund_GoodsThenShipping_PaysBackAllAndGivesUsesBackOnce(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        await shop.LiveAsync("""{ "name": "t", "currency": "CNY", "offer": { "type": "amountOff", "amount": 2 }, "limits": { "uses": 1 } }""");
        var client = await shop.KeyAsync(Scopes.Offers);
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(30, "c", shipping: 7), "A", 35)));
        var path = $"/redemptions/{made["id"]}";
        await OkAsync(await PostAsync(client, path + "/confirm", null));

        var part = await OkAsync(await PostAsync(client, path + "/refunds", """{ "shipping": 2.50, "amount": 3 }"""));
        Assert.Equal((5.5m, 2.5m, 3m, "partlyRefunded"), ((decimal)part["refund"]!, (decimal)part["shipping"]!, (decimal)part["amount"]!, (string)part["state"]!));
        // A part gives nothing back of the campaign's one use.
        Assert.Equal(20, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(20, "d")}} }""")))["total"]!);

        var goods = await OkAsync(await PostAsync(client, path + "/refunds", """{ "lines": [{ "id": "1", "quantity": 1 }] }"""));
        Assert.Equal((25m, "refunded"), ((decimal)goods["refund"]!, (string)goods["state"]!));
        Assert.Equal(18, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(20, "d")}} }""")))["total"]!);

        // With all goods back, what is left of shipping may still follow; no more than that, and once for one key.
        await RefusedAsync(await PostAsync(client, path + "/refunds", """{ "shipping": 4.51 }"""), HttpStatusCode.BadRequest, "invalid");
        for (var i = 0; i < 2; i++)
            Assert.Equal((4.5m, "refunded"), await RefundAsync(client, path, """{ "shipping": 4.50 }""", "once"));
        await RefusedAsync(await PostAsync(client, path + "/refunds", """{ "amount": 0.01 }"""), HttpStatusCode.BadRequest, "invalid");
        await RefusedAsync(await PostAsync(client, path + "/refunds", """{ "lines": [{ "id": "1", "quantity": 1 }] }"""), HttpStatusCode.Conflict, "wrong-state");
        var all = await OkAsync(await client.GetAsync("/api/v1" + path, Stop));
        Assert.Equal((35m, 35m, 3), ((decimal)all["refunded"]!, (decimal)all["total"]!, all["refunds"]!.AsArray().Count));
        // The use has been given back once, not once a refund.
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "d"), "B", 18)));
        Assert.Equal(20, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(20, "e")}} }""")))["total"]!);
    }

    [Fact]
    public async Task Refund_FiveAtOnce_NeverPayMoreThanWasPaid()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Offers);
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(30, "c", shipping: 7), "A")));
        var path = $"/redemptions/{made["id"]}";
        await OkAsync(await PostAsync(client, path + "/confirm", null));
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync(client, path + "/refunds", """{ "shipping": 3, "amount": 13 }""")));
        Assert.Equal(2, answers.Count(a => a.IsSuccessStatusCode));
        Assert.Equal(32, (decimal)(await OkAsync(await client.GetAsync("/api/v1" + path, Stop)))["refunded"]!);
    }

    [Theory]
    [InlineData("{}", "lines")]
    [InlineData("""{ "lines": [] }""", "lines")]
    [InlineData("""{ "shipping": 0 }""", "shipping")]
    [InlineData("""{ "shipping": -1 }""", "shipping")]
    [InlineData("""{ "shipping": 1.001 }""", "shipping")]
    [InlineData("""{ "amount": 1.001 }""", "amount")]
    [InlineData("""{ "amount": "1" }""", "amount")]
    [InlineData("""{ "amount": 1e25 }""", "amount")]
    [InlineData("""{ "amount": 30.01 }""", "amount")]
    [InlineData("""{ "ammount": 3 }""", "ammount")]
    public async Task Refund_WrongRequest_NamesThePathAndPaysNothing(string body, string path)
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Offers);
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(30, "c", shipping: 7), "A")));
        await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/confirm", null));
        var problem = await RefusedAsync(await PostAsync(client, $"/redemptions/{made["id"]}/refunds", body), HttpStatusCode.BadRequest, "invalid");
        Assert.NotNull(problem["errors"]![path]);
        Assert.Equal(0, (decimal)(await OkAsync(await client.GetAsync($"/api/v1/redemptions/{made["id"]}", Stop)))["refunded"]!);
    }

    private static async Task<(decimal, string)> RefundAsync(HttpClient client, string path, string body, string key)
    {
        JsonObject answer = await OkAsync(await PostAsync(client, path + "/refunds", body, key));
        return ((decimal)answer["refund"]!, (string)answer["state"]!);
    }
}
