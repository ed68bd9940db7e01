using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Idempotency;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Tests.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static CampaignManager.Web.Tests.Offers.OfferShop;

namespace CampaignManager.Web.Tests.Offers;

public sealed class RedemptionTests(PostgresServer server)
{
    private const string TenOff = """{ "name": "Ten off", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "limits": { "budget": 10, "uses": 1, "reservationMinutes": 20 } }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Life_ReservedConfirmed_FoundByItsOrder()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(TenOff);
        var client = await shop.KeyAsync(Scopes.Offers);
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "c", shipping: 5), "A-1", 95)));
        Assert.Equal(("reserved", 95m, 10m), ((string)made["state"]!, (decimal)made["quote"]!["total"]!, (decimal)made["quote"]!["discountTotal"]!));
        Assert.Equal(id, (string)made["quote"]!["campaigns"]![0]!["id"]!);
        Assert.InRange((DateTime)made["expiresAt"]! - (DateTime)made["reservedAt"]!, TimeSpan.FromMinutes(19.9), TimeSpan.FromMinutes(20.1));

        Assert.Equal("confirmed", (string)(await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/confirm", null)))["state"]!);
        Assert.Equal("confirmed", (string)(await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/confirm", null)))["state"]!);
        await RefusedAsync(await PostAsync(client, $"/redemptions/{made["id"]}/cancel", null), HttpStatusCode.Conflict, "wrong-state");
        await RefusedAsync(await PostAsync(client, $"/redemptions/{made["id"]}/extend", null), HttpStatusCode.Conflict, "wrong-state");
        var found = await OkAsync(await client.GetAsync("/api/v1/redemptions?orderId=A-1", Stop));
        Assert.Equal((1, (string)made["id"]!), ((int)found["total"]!, (string)found["items"]![0]!["id"]!));
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "c"), "A-1", 100)), HttpStatusCode.Conflict, "order-redeemed");
    }

    [Fact]
    public async Task Include_Units_AreAnsweredWhenAskedForAndAlwaysStored()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        await shop.LiveAsync(TenOff);
        var client = await shop.KeyAsync(Scopes.Offers);
        const string Inline = """[{ "id": "x", "offer": { "type": "amountOff", "amount": 10, "per": "order" } }]""";
        foreach (var (path, body) in ((string, string)[])[
            ("/offers/quote", $$"""{ "cart": {{Cart(100)}}"""), ("/offers/simulate", $$"""{ "campaigns": {{Inline}}, "cart": {{Cart(100)}}""")])
        {
            Assert.Null(Units(await OkAsync(await PostAsync(client, path, body + " }"))));
            Assert.Null(Units(await OkAsync(await PostAsync(client, path, body + """, "include": [] }"""))));
            Assert.Equal("[10]", Units(await OkAsync(await PostAsync(client, path, body + """, "include": ["units"] }"""))));
            await WrongAsync(await PostAsync(client, path, body + """, "include": ["units", "Units"] }"""), "include[1]");
            await WrongAsync(await PostAsync(client, path, body + """, "include": [null] }"""), "include[0]");
        }

        // As told without asking, then as stored.
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90)));
        Assert.Null(Units(made["quote"]!));
        var path1 = $"/redemptions/{made["id"]}";
        Assert.Null(Units((await OkAsync(await client.GetAsync("/api/v1" + path1, Stop)))["quote"]!));
        Assert.Equal("[10]", Units((await OkAsync(await client.GetAsync($"/api/v1{path1}?include=units", Stop)))["quote"]!));
        Assert.Equal("[10]", Units((await OkAsync(await client.GetAsync("/api/v1/redemptions?orderId=A-1&include=units", Stop)))["items"]![0]!["quote"]!));
        await WrongAsync(await client.GetAsync("/api/v1/redemptions?include=all", Stop), "include[0]");
        // Refused before it does anything.
        await WrongAsync(await PostAsync(client, path1 + "/confirm?include=all", null), "include[0]");
        Assert.Equal("reserved", (string)(await OkAsync(await client.GetAsync("/api/v1" + path1, Stop)))["state"]!);
        Assert.Equal("[10]", Units((await OkAsync(await PostAsync(client, path1 + "/cancel?include=units", null)))["quote"]!));
        var asked = JsonNode.Parse(Redeem(Cart(100), "A-2", 90))!;
        asked["include"] = new JsonArray("units");
        Assert.Equal("[10]", Units((await OkAsync(await PostAsync(client, "/redemptions", asked.ToJsonString())))["quote"]!));

        static string? Units(JsonNode quote) => quote["lines"]![0]!["discounts"]![0]!["unitAmounts"]?.ToJsonString();
        static async Task WrongAsync(HttpResponseMessage answer, string path) =>
            Assert.NotNull((await RefusedAsync(answer, HttpStatusCode.BadRequest, "invalid"))["errors"]![path]);
    }

    [Fact]
    public async Task Redeem_AnotherTotalThanExpected_AnswersTheNewQuoteAndTakesNothing()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(TenOff);
        var client = await shop.KeyAsync(Scopes.Offers);
        var problem = await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 80)), HttpStatusCode.Conflict, "total-changed");
        Assert.Equal(90, (decimal)problem["quote"]!["total"]!);
        Assert.Equal((0, 0), await UsedAsync(shop, id));
        // The quote then agrees with what is redeemed.
        Assert.Equal(90, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(100)}} }""")))["total"]!);
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90)));
        var after = await OkAsync(await PostAsync(client, "/offers/quote", $$"""{ "cart": {{Cart(100)}}, "explain": "shopper" }"""));
        Assert.Equal(100, (decimal)after["total"]!);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Cancel_GivesUseAndBudgetBack_Once(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await shop.LiveAsync(TenOff);
        var client = await shop.KeyAsync(Scopes.Offers);
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90)));
        Assert.Equal((1, 1000), await UsedAsync(shop, id));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostAsync(client, $"/redemptions/{made["id"]}/cancel", null)));
        Assert.Equal((0, 0), await UsedAsync(shop, id));
        // The order is free again, and so is the one use.
        Assert.Equal("reserved", (string)(await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90))))["state"]!);
    }

    [Fact]
    public async Task Cancel_NotReusable_KeepsTheUse()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(TenOff.Replace("\"uses\"", "\"reusableOnCancel\": false, \"uses\""));
        var client = await shop.KeyAsync(Scopes.Offers);
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90)));
        await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/cancel", null));
        Assert.Equal((1, 1000), await UsedAsync(shop, id));
        Assert.Equal(0, (await ReconcileAsync(shop)).Differences);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Expiry_ByTheJobSeveralAtOnce_GivesBackOnceAndExtensionsHold(string provider)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-01T08:00:00Z"));
        await using var shop = await StartAsync(provider, server, clock);
        var id = await shop.LiveAsync(TenOff.Replace("\"budget\": 10, \"uses\": 1", "\"budget\": 100, \"uses\": 10"));
        var client = await shop.KeyAsync(Scopes.Offers);
        var left = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "left", 90)));
        var held = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "held", 90)));
        await OkAsync(await PostAsync(client, $"/redemptions/{held["id"]}/extend", """{ "minutes": 60 }"""));
        await RefusedAsync(await PostAsync(client, $"/redemptions/{held["id"]}/extend", """{ "minutes": 0 }"""), HttpStatusCode.BadRequest, "invalid");
        clock.Advance(TimeSpan.FromMinutes(21));
        await RefusedAsync(await PostAsync(client, $"/redemptions/{left["id"]}/confirm", null), HttpStatusCode.Conflict, "expired");
        var life = shop.Services.GetRequiredService<RedemptionLife>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => life.ExpireAsync(Stop), Stop)));
        Assert.Equal((1, 1000), await UsedAsync(shop, id));
        Assert.Equal("expired", (string)(await OkAsync(await client.GetAsync($"/api/v1/redemptions/{left["id"]}", Stop)))["state"]!);
        Assert.Equal("confirmed", (string)(await OkAsync(await PostAsync(client, $"/redemptions/{held["id"]}/confirm", null)))["state"]!);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Reconcile_CountersThatDrifted_AreMendedAndReported(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = Guid.Parse(await shop.LiveAsync(TenOff.Replace("\"budget\": 10, \"uses\": 1", "\"budget\": 100, \"usesPerCustomer\": 3")));
        var client = await shop.KeyAsync(Scopes.Offers);
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "c"), "A-1", 90)));
        await using (var context = await shop.Contexts.CreateDbContextAsync(Stop))
        {
            await context.UsageCounters.Where(u => u.CampaignId == id && u.Kind == UsageKind.All)
                .ExecuteUpdateAsync(s => s.SetProperty(u => u.Used, 7).SetProperty(u => u.SpentMinor, 7000), Stop);
            await context.UsageCounters.Where(u => u.CampaignId == id && u.Kind == UsageKind.Customer).ExecuteDeleteAsync(Stop);
            await context.Campaigns.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.DiscountSpentMinor, 7000), Stop);
        }

        var found = await ReconcileAsync(shop);
        Assert.Equal(
            [new UsageDifference(id, UsageKind.All, "", 7, 1, 7000, 1000), new UsageDifference(id, UsageKind.Customer, "c", 0, 1, 0, 1000)], found.First);
        Assert.Equal((1, 1000), await UsedAsync(shop, id.ToString()));
        Assert.Equal(0, (await ReconcileAsync(shop)).Differences);
    }

    [Fact]
    public async Task IdempotencyKey_AlsoAfterItsClaimIsLost_OneRedemptionOneAnswer()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(TenOff);
        var client = await shop.KeyAsync(Scopes.Offers);
        var first = await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90), "k"));
        Assert.Equal((string)first["id"]!, (string)(await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90), "k")))["id"]!);
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-2", 90), "k"), HttpStatusCode.Conflict, "idempotency-key-reused");
        // As a process leaves it that died between the commit and the answer.
        await using (var context = await shop.Contexts.CreateDbContextAsync(Stop))
            await context.IdempotentCalls.ExecuteDeleteAsync(Stop);
        Assert.Equal((string)first["id"]!, (string)(await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100), "A-1", 90), "k")))["id"]!);
        Assert.Equal((1, 1000), await UsedAsync(shop, id));
    }

    [Fact]
    public async Task SandboxKey_RedeemsNothingForReal_AndLiveKeysDoNotSeeIt()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(TenOff);
        var (sandbox, live) = (await shop.KeyAsync(true, Scopes.Offers), await shop.KeyAsync(Scopes.Offers));
        var made = await OkAsync(await PostAsync(sandbox, "/redemptions", Redeem(Cart(100), "A-1", 90)));
        Assert.True((bool)made["sandbox"]!);
        await OkAsync(await PostAsync(sandbox, $"/redemptions/{made["id"]}/confirm", null));
        Assert.Equal((0, 0), await UsedAsync(shop, id));
        Assert.Equal(HttpStatusCode.NotFound, (await live.GetAsync($"/api/v1/redemptions/{made["id"]}", Stop)).StatusCode);
        await OkAsync(await PostAsync(live, "/redemptions", Redeem(Cart(100), "A-1", 90)));
    }

    [Fact]
    public async Task Quote_CampaignPausedAndResumed_IsSeenAtOnce()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync(TenOff);
        var (staff, client) = (await shop.KeyAsync(Scopes.Campaigns), await shop.KeyAsync(Scopes.Offers, Scopes.OffersExplain));
        var quote = $$"""{ "cart": {{Cart(100)}}, "explain": "full" }""";
        Assert.Equal(90, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", quote)))["total"]!);
        await OkAsync(await PostAsync(staff, $"/campaigns/{id}/pause", null));
        var paused = await OkAsync(await PostAsync(client, "/offers/quote", quote));
        Assert.Equal((100m, "paused"), ((decimal)paused["total"]!, (string)paused["campaigns"]![0]!["reason"]!["code"]!));
        await OkAsync(await PostAsync(staff, $"/campaigns/{id}/resume", null));
        Assert.Equal(90, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", quote)))["total"]!);
    }

    [Fact]
    public async Task Quote_ChangedByAnotherNode_IsSeenWithinASecond()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-01T08:00:00Z"));
        await using var shop = await StartAsync(DatabaseOptions.PostgreSql, server, clock);
        var id = Guid.Parse(await shop.LiveAsync(TenOff));
        var client = await shop.KeyAsync(Scopes.Offers);
        var quote = $$"""{ "cart": {{Cart(100)}} }""";
        Assert.Equal(90, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", quote)))["total"]!);
        // Outside of a transaction of ours: as another process would, unseen by this one's own counting.
        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        await context.Campaigns.Where(c => c.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.Status, Application.Campaigns.CampaignStatus.Paused).SetProperty(c => c.UpdatedAt, clock.GetUtcNow().AddMilliseconds(1).UtcDateTime), Stop);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, (decimal)(await OkAsync(await PostAsync(client, "/offers/quote", quote)))["total"]!);
    }

    [Fact]
    public async Task Holdout_ShopperSeesNothing_StaffSeeWhy()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync("""{ "name": "All held out", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "trigger": { "code": "SECRET" }, "experiment": { "holdoutPercent": 100, "attributionDays": 14 } }""");
        var (shopper, staff) = (await shop.KeyAsync(Scopes.Offers), await shop.KeyAsync(Scopes.Offers, Scopes.OffersExplain));
        var quote = $$"""{ "cart": {{Cart(100, "c", "secret")}}, "explain": "full" }""";
        var seen = await (await PostAsync(shopper, "/offers/quote", quote)).Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain(id, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("holdout", seen, StringComparison.Ordinal);
        Assert.Contains("code-unknown", seen, StringComparison.Ordinal);
        Assert.Equal("holdout", (string)(await OkAsync(await PostAsync(staff, "/offers/quote", quote)))["campaigns"]![0]!["reason"]!["code"]!);
        Assert.DoesNotContain(id, await shopper.GetStringAsync("/api/v1/customers/c/campaigns", Stop), StringComparison.Ordinal);
        var mine = JsonNode.Parse(await staff.GetStringAsync("/api/v1/customers/c/campaigns", Stop))!["items"]![0]!;
        Assert.Equal((id, "control", false), ((string)mine["campaignId"]!, (string)mine["arm"]!, (bool)mine["eligible"]!));
    }

    [Fact]
    public async Task CustomerCampaigns_UsedUp_SayWhy()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        await shop.LiveAsync(TenOff.Replace("\"budget\": 10, \"uses\": 1", "\"usesPerCustomer\": 1"));
        var client = await shop.KeyAsync(Scopes.Offers, Scopes.OffersExplain);
        Assert.Equal((true, "eligible"), await FirstAsync("c"));
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, "c"), "A-1", 90)));
        Assert.Equal((false, "limit-reached"), await FirstAsync("c"));
        Assert.Equal((true, "eligible"), await FirstAsync("d"));

        async Task<(bool, string)> FirstAsync(string customer)
        {
            var row = JsonNode.Parse(await client.GetStringAsync($"/api/v1/customers/{customer}/campaigns", Stop))!["items"]![0]!;
            return ((bool)row["eligible"]!, (string)row["why"]!);
        }
    }

    [Fact]
    public async Task Codes_BatchSearchCsvUseRevoke()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var id = await shop.LiveAsync("""{ "name": "Codes", "offer": { "type": "amountOff", "amount": 10, "per": "order" }, "trigger": { "uniqueCodes": true } }""");
        var (staff, client) = (await shop.KeyAsync(Scopes.Campaigns), await shop.KeyAsync(Scopes.Offers));
        var batch = await OkAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "name": "Mail", "count": 500, "prefix": "NY-" }"""));
        var codes = batch["codes"]!.AsArray().Select(c => (string)c!).ToList();
        Assert.Equal((500, 500), (codes.Distinct().Count(), codes.Count(c => c.StartsWith("NY-", StringComparison.Ordinal) && c.Length == 13)));
        await OkAsync(await PostAsync(staff, $"/campaigns/{id}/codes", """{ "codes": ["Welcome"], "usesPerCode": 2 }"""));

        // Full-width letters, blanks and case do not matter; a unique code works once, the shared one twice.
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: " ｗｅｌｃｏｍｅ "), "A-1", 90)));
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: "WELCOME"), "A-2", 90)));
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: "welcome"), "A-3")), HttpStatusCode.Conflict, "code-used-up");
        await OkAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: codes[0].ToLowerInvariant()), "A-4", 90)));
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: codes[0]), "A-5", 90)), HttpStatusCode.Conflict, "total-changed");
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(staff, $"/campaigns/{id}/codes/{codes[1]}/revoke", null)).StatusCode);
        await RefusedAsync(await PostAsync(client, "/redemptions", Redeem(Cart(100, code: codes[1]), "A-6", 90)), HttpStatusCode.Conflict, "total-changed");
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(staff, $"/campaigns/{id}/codes/NOBODY/revoke", null)).StatusCode);

        var found = await OkAsync(await staff.GetAsync($"/api/v1/campaigns/{id}/codes?q=elco", Stop));
        Assert.Equal((1, "Welcome", 2), ((int)found["total"]!, (string)found["items"]![0]!["code"]!, (int)found["items"]![0]!["used"]!));
        var csv = (await staff.GetStringAsync($"/api/v1/campaigns/{id}/codes.csv", Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(502, csv.Length);
        Assert.StartsWith($"{codes[0]},Mail,1,1,,", csv[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseOptions.Sqlite)]
    [InlineData(DatabaseOptions.PostgreSql)]
    public async Task Refund_PartThenRest_PaysBackWhatWasPaidAndGivesTheUseBackAtTheEnd(string provider)
    {
        await using var shop = await StartAsync(provider, server);
        var id = await shop.LiveAsync(TenOff);
        var client = await shop.KeyAsync(Scopes.Offers);
        var cart = """{ "currency": "CNY", "shipping": 8, "lines": [{ "id": "a", "sku": "A", "quantity": 3, "unitPrice": 20 }, { "id": "b", "sku": "B", "quantity": 1, "unitPrice": 40 }] }""";
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(cart, "A-1", 98)));
        var address = $"/redemptions/{made["id"]}/refunds";
        await RefusedAsync(await PostAsync(client, address, """{ "lines": [{ "id": "a", "quantity": 1 }] }"""), HttpStatusCode.Conflict, "wrong-state");
        await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/confirm", null));
        foreach (var wrong in (string[])["""{ "lines": [] }""", """{ "lines": [{ "id": "x", "quantity": 1 }] }""", """{ "lines": [{ "id": "a", "quantity": 4 }] }""", """{ "lines": [{ "id": "a", "quantity": 0 }] }"""])
            await RefusedAsync(await PostAsync(client, address, wrong), HttpStatusCode.BadRequest, "invalid");

        // Line a was paid with 54: two of three units are 36.
        var part = await OkAsync(await PostAsync(client, address, """{ "lines": [{ "id": "a", "quantity": 2 }] }""", "part"));
        Assert.Equal((36m, "partlyRefunded", 36m), ((decimal)part["refund"]!, (string)part["state"]!, (decimal)part["lines"]![0]!["refund"]!));
        await using (var context = await shop.Contexts.CreateDbContextAsync(Stop))
            await context.IdempotentCalls.ExecuteDeleteAsync(Stop);
        Assert.Equal((string)part["id"]!, (string)(await OkAsync(await PostAsync(client, address, """{ "lines": [{ "id": "a", "quantity": 2 }] }""", "part")))["id"]!);
        Assert.Equal((1, 1000), await UsedAsync(shop, id));
        var rest = await OkAsync(await PostAsync(client, address, """{ "lines": [{ "id": "b", "quantity": 1 }, { "id": "a", "quantity": 1 }] }"""));
        Assert.Equal((54m, "refunded"), ((decimal)rest["refund"]!, (string)rest["state"]!));
        Assert.Equal((0, 0), await UsedAsync(shop, id));
        Assert.Equal(90, (decimal)(await OkAsync(await client.GetAsync($"/api/v1/redemptions/{made["id"]}", Stop)))["refunded"]!);
    }

    [Fact]
    public async Task Refund_Clawback_ChargesTheLostThresholdWithTheFrozenRules()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        await shop.LiveAsync("""{ "name": "Claw", "returnPolicy": "clawback", "offer": { "type": "fullReduction", "tiers": [{ "spend": 100, "off": 30 }] } }""");
        var client = await shop.KeyAsync(Scopes.Offers);
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem("""{ "currency": "CNY", "lines": [{ "id": "a", "sku": "A", "quantity": 2, "unitPrice": 60 }] }""", "A-1", 90)));
        await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/confirm", null));
        // 90 was paid; the unit kept costs 60 without the reduction.
        var address = $"/redemptions/{made["id"]}/refunds";
        var refund = await OkAsync(await PostAsync(client, address, """{ "lines": [{ "id": "a", "quantity": 1 }] }"""));
        Assert.Equal(30, (decimal)refund["refund"]!);
        Assert.Null(refund["paidShare"]);
    }

    [Fact]
    public async Task Refund_OfAnOrderThatIsPricedOtherwiseToday_PaysThePaidShareAndSaysSo()
    {
        await using var shop = await StartAsync(DatabaseOptions.Sqlite, server);
        var offer = """{ "type": "fullReduction", "tiers": [{ "spend": 100, "off": 30 }] }""";
        await shop.LiveAsync($$"""{ "name": "Claw", "returnPolicy": "clawback", "offer": {{offer}} }""");
        var client = await shop.KeyAsync(Scopes.Offers);
        var cart = """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "A", "quantity": 2, "unitPrice": 60 }] }""";
        var made = await OkAsync(await PostAsync(client, "/redemptions", Redeem(cart, "A-1", 90)));
        await OkAsync(await PostAsync(client, $"/redemptions/{made["id"]}/confirm", null));
        // As an earlier release might have priced it: what is frozen with the order gives 20 off by today's rules.
        await using (var context = await shop.Contexts.CreateDbContextAsync(Stop))
        {
            await context.CampaignVersions.ExecuteUpdateAsync(
                s => s.SetProperty(v => v.RulesJson, v => v.RulesJson.Replace("\"off\":30", "\"off\":20")), Stop);
        }

        var address = $"/redemptions/{made["id"]}/refunds";
        var refund = await OkAsync(await PostAsync(client, address, """{ "lines": [{ "id": "a", "quantity": 1 }] }"""));
        Assert.Equal((45m, true), ((decimal)refund["refund"]!, (bool?)refund["paidShare"]));
        var stored = await OkAsync(await client.GetAsync($"/api/v1/redemptions/{made["id"]}", Stop));
        Assert.True((bool?)stored["refunds"]![0]!["paidShare"]);
        var rest = await OkAsync(await PostAsync(client, address, """{ "lines": [{ "id": "a", "quantity": 1 }] }"""));
        Assert.Equal((45m, "refunded"), ((decimal)rest["refund"]!, (string)rest["state"]!));
    }

    private static async Task<(long Used, long Spent)> UsedAsync(OfferShop shop, string id)
    {
        var campaign = Guid.Parse(id);
        await using var context = await shop.Contexts.CreateDbContextAsync(Stop);
        var spent = (await context.Campaigns.SingleAsync(c => c.Id == campaign, Stop)).DiscountSpentMinor;
        var counter = await context.UsageCounters.SingleOrDefaultAsync(u => u.CampaignId == campaign && u.Kind == UsageKind.All, Stop);
        Assert.Equal(spent, counter?.SpentMinor ?? 0);
        return (counter?.Used ?? 0, spent);
    }

    private static Task<ReconciledUsage> ReconcileAsync(OfferShop shop) =>
        shop.Services.GetRequiredKeyedService<IJob>(ReconcileUsageJob.Kind).As<ReconcileUsageJob>().ReconcileAsync(null, Stop);
}
