using System.Net;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.Data;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>A code that does nothing refuses an order that does not say what it expects to pay, each for its own reason.</summary>
public sealed class CodeRefusalTests(PostgresServer server)
{
    private const string Five = """ "currency": "CNY", "offer": { "type": "amountOff", "amount": 5 } """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Redeem_CodeThatFails_IsRefusedWithItsSentence(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var (maker, judge) = (await shop.KeyAsync(Scopes.Everything), await shop.KeyAsync(Scopes.Everything));
        var paused = await LiveAsync(maker, judge, $$"""{ "name": "p", {{Five}}, "trigger": { "code": "HELD" } }""");
        var ended = await LiveAsync(maker, judge, $$"""{ "name": "e", {{Five}}, "trigger": { "code": "OVER" } }""");
        var unique = await LiveAsync(maker, judge, $$"""{ "name": "u", {{Five}}, "trigger": { "uniqueCodes": true } }""");
        await OkAsync(await PostAsync(maker, $"/campaigns/{unique}/codes", """{ "codes": ["GONE", "ONCE", "MINE"], "usesPerCode": 1 }"""));
        await OkAsync(await PostAsync(maker, $"/campaigns/{unique}/codes/GONE/revoke", null));
        await OkAsync(await PostAsync(judge, $"/campaigns/{paused}/pause", null));
        await OkAsync(await PostAsync(judge, $"/campaigns/{ended}/end", null));
        await OkAsync(await PostAsync(maker, "/redemptions", Redeem(Cart(20, "c", "ONCE"), "first", 15)));

        foreach (var (code, why, word) in ((string, string, string)[])[
            ("NOPE", "code-unknown", "not known"), ("GONE", "code-revoked", "revoked"), ("ONCE", "code-used-up", "used up"), ("OVER", "ended", "ended"), ("HELD", "paused", "paused")])
        {
            var problem = await RefusedAsync(await PostAsync(maker, "/redemptions", Redeem(Cart(20, "c", code), "A-" + code)), HttpStatusCode.Conflict, why);
            Assert.Contains(word, (string)problem["detail"]!, StringComparison.Ordinal);
            Assert.Equal((20m, why), ((decimal)problem["quote"]!["total"]!, (string)problem["quote"]!["codes"]![0]!["reason"]!["code"]!));
            // Who says what is expected to be paid, has seen that it does nothing.
            await OkAsync(await PostAsync(maker, "/redemptions", Redeem(Cart(20, "c", code), "A-" + code, 20)));
        }

        // The code is good, and only the cart is not enough: no reason to refuse.
        await LiveAsync(maker, judge, $$"""{ "name": "b", "currency": "CNY", "offer": { "type": "fullReduction", "tiers": [{ "spend": 100, "off": 5 }] }, "trigger": { "code": "BIG" } }""");
        Assert.Equal(20, (decimal)(await OkAsync(await PostAsync(maker, "/redemptions", Redeem(Cart(20, "c", "BIG"), "A-BIG"))))["total"]!);
        // Archived at once, its code says for a while what became of it.
        await OkAsync(await PostAsync(judge, $"/campaigns/{ended}/archive", null));
        await RefusedAsync(await PostAsync(maker, "/redemptions", Redeem(Cart(20, "c", "OVER"), "A-late")), HttpStatusCode.Conflict, "ended");
    }

    [Fact]
    public async Task Redeem_CodeOfACampaignThatHoldsTheCustomerOut_LooksLikeOneThatDoesNotExist()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        await shop.LiveAsync($$"""{ "name": "h", {{Five}}, "trigger": { "code": "HALF" }, "experiment": { "holdoutPercent": 50 } }""");
        var client = await shop.KeyAsync(Scopes.Offers);
        var (held, got) = (0, 0);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await PostAsync(client, "/redemptions", Redeem(Cart(20, "c" + i, "HALF"), "A-" + i));
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                got++;
                continue;
            }

            held++;
            var text = (await RefusedAsync(answer, HttpStatusCode.Conflict, "code-unknown")).ToJsonString();
            var unknown = (await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "c" + i, "NONE"), "A-" + i)), HttpStatusCode.Conflict, "code-unknown")).ToJsonString();
            Assert.Equal(Plain(unknown.Replace("NONE", "HALF", StringComparison.Ordinal)), Plain(text));
        }

        Assert.True(held > 0 && got > 0, $"{held} held out, {got} not.");

        static string Plain(string problem) => System.Text.RegularExpressions.Regex.Replace(problem, "\"traceId\":\"[^\"]*\"", "");
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Redeem_CodeForOneCustomer_IsUnknownToOthers(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var client = await shop.KeyAsync(Scopes.Everything);
        var id = await shop.LiveAsync($$"""{ "name": "sorry", {{Five}}, "trigger": { "uniqueCodes": true } }""");
        var made = await OkAsync(await PostAsync(client, $"/campaigns/{id}/codes", """{ "codes": ["SORRY-1"], "customerId": "ann", "usesPerCode": 1 }"""));
        Assert.Equal("ann", (string)made["customerId"]!);
        Assert.Equal("ann", (string)(await OkAsync(await client.GetAsync($"/api/v1/campaigns/{id}/codes", Stop)))["items"]![0]!["customerId"]!);
        await RefusedAsync(await PostAsync(client, $"/campaigns/{id}/codes", """{ "count": 1, "customerId": " " }"""), HttpStatusCode.BadRequest, "invalid");

        foreach (var other in new[] { "bob", "ANN", null })
        {
            var quote = await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(20, other, "SORRY-1")}}, "explain": "full" }"""));
            Assert.Equal((20m, "code-unknown"), ((decimal)quote["total"]!, (string)quote["codes"]![0]!["reason"]!["code"]!));
            await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, other, "SORRY-1"), "A")), HttpStatusCode.Conflict, "code-unknown");
        }

        Assert.Equal(15, (decimal)(await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "ann", "sorry\u20111"), "A"))))["total"]!);
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(20, "ann", "SORRY-1"), "B")), HttpStatusCode.Conflict, "code-used-up");
    }

    [Fact]
    public async Task Submit_CodeOfAnotherCampaign_WarnsAndBothAreNamed()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var (maker, judge) = (await shop.KeyAsync(Scopes.Everything), await shop.KeyAsync(Scopes.Everything));
        var first = await LiveAsync(maker, judge, $$"""{ "name": "First", {{Five}}, "trigger": { "code": "SHARED" } }""");
        var copy = await OkAsync(await PostAsync(maker, $"/campaigns/{first}/duplicate", null));
        Assert.Null(copy["trigger"]!["code"]);
        var second = (string)(await OkAsync(await PostAsync(
            maker, "/campaigns", $$"""{ "name": "Second", {{Five}}, "trigger": { "code": "shared " }, "audience": { "noneOf": ["nobody-knows"] }, "experiment": { "holdoutPercent": 0 } }""")))["id"]!;
        var warnings = (await OkAsync(await PostAsync(maker, $"/campaigns/{second}/submit", null)))["warnings"]!.AsArray();
        Assert.Equal(["code-shared", "segment-unknown"], warnings.Select(w => (string)w!["code"]!));
        Assert.Contains("'First'", (string)warnings[0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal("audience.noneOf[0]", (string)warnings[1]!["path"]!);
        Assert.Null((await OkAsync(await maker.GetAsync($"/api/v1/campaigns/{second}", Stop)))["warnings"]);
        await OkAsync(await PostAsync(judge, $"/campaigns/{second}/approve", null));
        await OkAsync(await PostAsync(judge, $"/campaigns/{second}/launch", null));
        var code = (await OkAsync(await PostAsync(maker, "/offers/quote", $$"""{ "cart": {{Cart(100, "c", "SHARED")}} }""")))["codes"]![0]!;
        Assert.Equal(new[] { first, second }.Order(), code["campaignIds"]!.AsArray().Select(c => (string)c!).Order());
    }

    [Theory]
    [InlineData(""" "scope": { "exclude": { "all": true } } """, "scope.exclude")]
    [InlineData(""" "limits": { "budget": 4 } """, "limits.budget")]
    [InlineData(""" "schedule": { "timeZone": "UTC", "start": "2030-01-01T10:00", "end": "2030-01-01T12:00", "weekly": [{ "days": ["tue"], "from": "18:00", "to": "20:00" }] } """, "schedule.weekly")]
    public async Task Submit_CanNeverGrant_IsRefusedWithTheReason(string rules, string path)
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Campaigns);
        var made = await OkAsync(await PostAsync(
            client, "/campaigns", $$"""{ "name": "n", "currency": "CNY", "offer": { "type": "fullReduction", "tiers": [{ "spend": 50, "off": 5 }] }, {{rules}} }"""));
        var problem = await RefusedAsync(await PostAsync(client, $"/campaigns/{made["id"]}/submit", null), HttpStatusCode.BadRequest, "invalid");
        Assert.NotNull(problem["errors"]![path]);
        Assert.Equal("draft", (string)(await OkAsync(await client.GetAsync($"/api/v1/campaigns/{made["id"]}", Stop)))["status"]!);
    }

    [Fact]
    public async Task Schedule_TimesOfDay_AreKeptInTheirShape()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var client = await shop.KeyAsync(Scopes.Everything);
        var made = await OkAsync(await PostAsync(
            client, "/campaigns", $$"""{ "name": "flash", {{Five}}, "schedule": { "timeZone": "Europe/Berlin", "start": "2030-01-01T09:00:00", "end": "2030-01-01T18:00" } }"""));
        Assert.Equal(("2030-01-01T09:00:00", "2030-01-01T18:00"), ((string)made["schedule"]!["start"]!, (string)made["schedule"]!["end"]!));
        Assert.Equal((new DateTime(2030, 1, 1, 8, 0, 0), new DateTime(2030, 1, 1, 17, 0, 0)), ((DateTime)made["startsAt"]!, (DateTime)made["endsAt"]!));
        foreach (var wrong in new[] { "2030-01-01T09:00Z", "2030-01-01T09:00+01:00", "tomorrow" })
        {
            var problem = await RefusedAsync(await PostAsync(client, "/campaigns", $$"""{ "name": "x", {{Five}}, "schedule": { "start": "{{wrong}}" } }"""), HttpStatusCode.BadRequest, "invalid");
            Assert.NotNull(problem["errors"]!["schedule.start"]);
        }
    }
}
