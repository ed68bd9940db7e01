using System.Net;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers;
using CampaignManager.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignManager.Web.Tests.Offers;

/// <summary>Malformed carts, campaigns, codes and redemptions over HTTP: each answered 400 with the field's path, none 500, nothing changed.</summary>
public sealed class BadInputTests(WebApp app) : IClassFixture<WebApp>
{
    private const string Line = """{ "id": "1", "sku": "S", "quantity": 1, "unitPrice": 10 }""";
    private const string Offer = """ "offer": { "type": "freeShipping" } """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Carts, by what is wrong with them and its path.</summary>
    public static TheoryData<string, string> Carts => new()
    {
        { "null", "cart" },
        { "[]", "cart" },
        { "\"cart\"", "cart" },
        { """{ "lines": [] }""", "cart.currency" },
        { """{ "currency": "XXQ", "lines": [] }""", "cart.currency" },
        { """{ "currency": "cny", "lines": [] }""", "cart.currency" },
        { """{ "currency": 5, "lines": [] }""", "cart.currency" },
        { """{ "currency": "CNY" }""", "cart.lines" },
        { """{ "currency": "CNY", "lines": {} }""", "cart.lines" },
        { """{ "currency": "CNY", "lines": [null] }""", "cart.lines[0]" },
        { """{ "currency": "CNY", "lines": [7] }""", "cart.lines[0]" },
        { OneLine("""{ "sku": "S", "quantity": 1, "unitPrice": 10 }"""), "cart.lines[0].id" },
        { OneLine("""{ "id": " ", "sku": "S", "quantity": 1, "unitPrice": 10 }"""), "cart.lines[0].id" },
        { OneLine("""{ "id": 1, "sku": "S", "quantity": 1, "unitPrice": 10 }"""), "cart.lines[0].id" },
        { OneLine($"{Line}, {Line}"), "cart.lines[1].id" },
        { OneLine("""{ "id": "1", "quantity": 1, "unitPrice": 10 }"""), "cart.lines[0].sku" },
        { OneLine("""{ "id": "1", "sku": "", "quantity": 1, "unitPrice": 10 }"""), "cart.lines[0].sku" },
        { With("quantity", "0"), "cart.lines[0].quantity" },
        { With("quantity", "-1"), "cart.lines[0].quantity" },
        { With("quantity", "1.5"), "cart.lines[0].quantity" },
        { With("quantity", "\"2\""), "cart.lines[0].quantity" },
        { With("quantity", "null"), "cart.lines[0].quantity" },
        { With("quantity", "100001"), "cart.lines[0].quantity" },
        { With("quantity", "9223372036854775808"), "cart.lines[0].quantity" },
        { With("quantity", "1e30"), "cart.lines[0].quantity" },
        { With("unitPrice", "null"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "-0.01"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "10.001"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "\"10\""), "cart.lines[0].unitPrice" },
        { With("unitPrice", "1e400"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "92233720368547758.08"), "cart.lines[0].unitPrice" },
        { OneLine("""{ "id": "1", "sku": "S", "quantity": 100, "unitPrice": 92233720368547758 }"""), "cart.lines[0].unitPrice" },
        { With("minUnitPrice", "-1"), "cart.lines[0].minUnitPrice" },
        { With("minUnitPrice", "0.005"), "cart.lines[0].minUnitPrice" },
        { With("taxRate", "-1"), "cart.lines[0].taxRate" },
        { With("taxRate", "101"), "cart.lines[0].taxRate" },
        { With("taxRate", "1.1234567"), "cart.lines[0].taxRate" },
        { With("selected", "\"yes\""), "cart.lines[0].selected" },
        { With("categories", "\"shoes\""), "cart.lines[0].categories" },
        { With("categories", "[\"\"]"), "cart.lines[0].categories[0]" },
        { With("categories", "[\"shoes\", null]"), "cart.lines[0].categories[1]" },
        { With("tags", "[3]"), "cart.lines[0].tags[0]" },
        { $$"""{ "currency": "JPY", "lines": [{ "id": "1", "sku": "S", "quantity": 1, "unitPrice": 10.5 }] }""", "cart.lines[0].unitPrice" },
        { $$"""{ "currency": "KWD", "lines": [{ "id": "1", "sku": "S", "quantity": 1, "unitPrice": 1.0005 }] }""", "cart.lines[0].unitPrice" },
        { $$"""{ "currency": "CNY", "shipping": -1, "lines": [{{Line}}] }""", "cart.shipping" },
        { $$"""{ "currency": "CNY", "shipping": 1.999, "lines": [{{Line}}] }""", "cart.shipping" },
        { $$"""{ "currency": "CNY", "codes": "A", "lines": [{{Line}}] }""", "cart.codes" },
        { $$"""{ "currency": "CNY", "codes": [" "], "lines": [{{Line}}] }""", "cart.codes[0]" },
        { $$"""{ "currency": "CNY", "customer": "c", "lines": [{{Line}}] }""", "cart.customer" },
        { $$"""{ "currency": "CNY", "customer": { "segments": [""] }, "lines": [{{Line}}] }""", "cart.customer.segments[0]" },
        { $$"""{ "currency": "CNY", "customer": { "isNew": "no" }, "lines": [{{Line}}] }""", "cart.customer.isNew" },
        { $$"""{ "currency": "CNY", "customer": { "id": "a\u0000b" }, "lines": [{{Line}}] }""", "cart.customer.id" },
        { $$"""{ "currency": "CNY", "customer": { "id": "{{new string('x', 201)}}" }, "lines": [{{Line}}] }""", "cart.customer.id" },
        { $$"""{ "currency": "CNY", "at": "yesterday", "lines": [{{Line}}] }""", "cart.at" },
        { $$"""{ "currency": "CNY", "at": "1999-12-31T00:00:00Z", "lines": [{{Line}}] }""", "cart.at" },
        { $$"""{ "currency": "CNY", "pricesIncludeTax": 1, "lines": [{{Line}}] }""", "cart.pricesIncludeTax" },
        { $$"""{ "currency": "CNY", "lines": [{{string.Join(',', Enumerable.Range(0, 1001).Select(i => $$"""{ "id": "{{i}}", "sku": "S", "quantity": 1, "unitPrice": 1 }"""))}}] }""", "cart.lines" },
    };

    /// <summary>What no cart ever was: each is refused at its field, or as broken JSON at the top.</summary>
    public static TheoryData<string, string> Nasty => new()
    {
        { With("unitPrice", "NaN"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "\"NaN\""), "cart.lines[0].unitPrice" },
        { With("unitPrice", "Infinity"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "-1e400"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "1e-400"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "0x10"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "01"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "true"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "[10]"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "{}"), "cart.lines[0].unitPrice" },
        { With("unitPrice", "10.0000000000000000000000000000000000000001"), "cart.lines[0].unitPrice" },
        { With("quantity", "1e400"), "cart.lines[0].quantity" },
        { With("quantity", "[]"), "cart.lines[0].quantity" },
        { With("minUnitPrice", "92233720368547758.08"), "cart.lines[0].minUnitPrice" },
        { With("taxRate", "\"13%\""), "cart.lines[0].taxRate" },
        { With("selected", "1"), "cart.lines[0].selected" },
        { With("brand", "{}"), "cart.lines[0].brand" },
        { With("brand", $"\"{new string('b', 501)}\""), "cart.lines[0].brand" },
        { With("sku", "null"), "cart.lines[0].sku" },
        { With("sku", $"\"{new string('s', 1_000_000)}\""), "cart.lines[0].sku" },
        { With("id", $"\"{new string('1', 1_000_000)}\""), "cart.lines[0].id" },
        { With("categories", $"[\"{new string('c', 501)}\"]"), "cart.lines[0].categories[0]" },
        { With("categories", "[[\"shoes\"]]"), "cart.lines[0].categories[0]" },
        { With("categories", "{ \"0\": \"shoes\" }"), "cart.lines[0].categories" },
        { With("id", "\"\\ud800\""), "cart.lines[0].id" },
        { With("sku", "\"\\udc00x\""), "cart.lines[0].sku" },
        { OneLine(string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500))), "cart.lines[0]" },
        { With("tags", string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200)), "cart.lines[0].tags" },
        { $$"""{ "currency": "CNY", "lines": [{{Line}},] }""", "cart.lines[1]" },
        { $$"""{ "currency": "CNY" "lines": [{{Line}}] }""", "cart" },
        { $$"""{ "currency": ["CNY"], "lines": [{{Line}}] }""", "cart.currency" },
        { $$"""{ "currency": "CNY\u0000", "lines": [{{Line}}] }""", "cart.currency" },
        { $$"""{ "currency": "ＣＮＹ", "lines": [{{Line}}] }""", "cart.currency" },
        { $$"""{ "currency": "CNY", "shipping": "free", "lines": [{{Line}}] }""", "cart.shipping" },
        { $$"""{ "currency": "CNY", "shipping": 1e30, "lines": [{{Line}}] }""", "cart.shipping" },
        { $$"""{ "currency": "CNY", "at": 1732500000, "lines": [{{Line}}] }""", "cart.at" },
        { $$"""{ "currency": "CNY", "at": "2026-02-30T00:00:00Z", "lines": [{{Line}}] }""", "cart.at" },
        { $$"""{ "currency": "CNY", "channel": 7, "lines": [{{Line}}] }""", "cart.channel" },
        { $$"""{ "currency": "CNY", "region": "{{new string('r', 501)}}", "lines": [{{Line}}] }""", "cart.region" },
        { $$"""{ "currency": "CNY", "codes": [null], "lines": [{{Line}}] }""", "cart.codes[0]" },
        { $$"""{ "currency": "CNY", "codes": [["A"]], "lines": [{{Line}}] }""", "cart.codes[0]" },
        { $$"""{ "currency": "CNY", "codes": [{{string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"A{i}\""))}}], "lines": [{{Line}}] }""", "cart.codes" },
        { $$"""{ "currency": "CNY", "customer": { "id": 5 }, "lines": [{{Line}}] }""", "cart.customer.id" },
        { $$"""{ "currency": "CNY", "customer": { "segments": "vip" }, "lines": [{{Line}}] }""", "cart.customer.segments" },
        { $$"""{ "currency": "CNY", "lines": [{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""{ "id": "{{i}}", "sku": "S", "quantity": 101, "unitPrice": 1 }"""))}}] }""", "cart.lines[990].quantity" },
    };

    /// <summary>Campaigns given inline.</summary>
    public static TheoryData<string, string> Campaigns => new()
    {
        { """{ "type": "fullReduction", "tiers": [{ "spend": -1, "off": 1 }] }""", "offer.tiers[0].spend" },
        { """{ "type": "fullReduction", "tiers": [{ "spend": 10, "off": 0 }] }""", "offer.tiers[0].off" },
        { """{ "type": "fullReduction", "tiers": [{ "spend": 10.001, "off": 1 }] }""", "offer.tiers[0].spend" },
        { """{ "type": "fullReduction", "tiers": [null] }""", "offer.tiers[0]" },
        { """{ "type": "fullReduction", "tiers": null }""", "offer.tiers" },
        { """{ "type": "fullReduction", "tiers": {} }""", "offer.tiers" },
        { """{ "type": "fullReduction", "tiers": [{ "spend": 1e400, "off": 1 }] }""", "offer.tiers[0].spend" },
        { """{ "type": "fullReduction", "every": 0, "off": 1 }""", "offer.every" },
        { """{ "type": "fullReduction", "every": 10 }""", "offer.off" },
        { """{ "type": "fullReduction", "every": 10, "off": 20 }""", "offer.off" },
        { """{ "type": "fullReduction", "every": 10, "off": 1, "maxTimes": 0 }""", "offer.maxTimes" },
        { """{ "type": "fullReduction", "every": 10, "off": 1, "tiers": [{ "spend": 1, "off": 1 }] }""", "offer.every" },
        { """{ "type": "percentOff", "tiers": [{ "percent": 0 }] }""", "offer.tiers[0].percent" },
        { """{ "type": "percentOff", "tiers": [{ "percent": -5 }] }""", "offer.tiers[0].percent" },
        { """{ "type": "percentOff", "tiers": [{ "percent": 1.1234567 }] }""", "offer.tiers[0].percent" },
        { """{ "type": "percentOff", "tiers": [{ "percent": "10" }] }""", "offer.tiers[0].percent" },
        { """{ "type": "percentOff", "tiers": [{ "percent": 10 }], "cap": 0 }""", "offer.cap" },
        { """{ "type": "percentOff", "tiers": [{ "percent": 10 }, { "percent": 20 }] }""", "offer.tiers[1].spend" },
        { """{ "type": "quantityDiscount", "tiers": [{ "quantity": 0, "percent": 10 }] }""", "offer.tiers[0].quantity" },
        { """{ "type": "quantityDiscount", "tiers": [{ "quantity": 2 }] }""", "offer.tiers[0]" },
        { """{ "type": "quantityDiscount", "tiers": [{ "quantity": 2, "percent": 10, "off": 1 }] }""", "offer.tiers[0]" },
        { """{ "type": "quantityDiscount", "tiers": [{ "quantity": 3, "percent": 10 }, { "quantity": 2, "percent": 20 }] }""", "offer.tiers[1].quantity" },
        { """{ "type": "amountOff", "amount": 0 }""", "offer.amount" },
        { """{ "type": "amountOff", "amount": 1, "per": "line" }""", "offer.per" },
        { """{ "type": "amountOff", "amount": 1, "per": "unit", "maxUnits": 0 }""", "offer.maxUnits" },
        { """{ "type": "fixedPrice", "price": -1 }""", "offer.price" },
        { """{ "type": "fixedPrice", "price": 1.005 }""", "offer.price" },
        { """{ "type": "buyXGetY", "buy": { "quantity": 0 }, "get": { "quantity": 1 } }""", "offer.buy.quantity" },
        { """{ "type": "buyXGetY", "buy": { "quantity": 1 }, "get": { "quantity": 1, "percent": 101 } }""", "offer.get.percent" },
        { """{ "type": "buyXGetY", "buy": { "quantity": 1 }, "get": { "quantity": 1 }, "pick": "random" }""", "offer.pick" },
        { """{ "type": "buyXGetY", "buy": null, "get": { "quantity": 1 } }""", "offer.buy" },
        { """{ "type": "bundle", "items": [], "price": 1 }""", "offer.items" },
        { """{ "type": "bundle", "items": [null], "price": 1 }""", "offer.items[0]" },
        { """{ "type": "bundle", "items": [{ "quantity": 2 }], "price": -1 }""", "offer.price" },
        { """{ "type": "gift", "tiers": [] }""", "offer.tiers" },
        { """{ "type": "gift", "tiers": [{ "spend": 1, "quantity": 1, "sku": "G", "giftQuantity": 1 }] }""", "offer.tiers[0]" },
        { """{ "type": "gift", "tiers": [{ "spend": 1, "sku": " ", "giftQuantity": 1 }] }""", "offer.tiers[0].sku" },
        { """{ "type": "gift", "tiers": [{ "spend": 1, "sku": "G", "giftQuantity": 0 }] }""", "offer.tiers[0].giftQuantity" },
        { """{ "type": "freeShipping", "spend": -1 }""", "offer.spend" },
        { """{ "type": "freeShipping", "cap": 0 }""", "offer.cap" },
        { """{ "type": 5 }""", "offer" },
        { """{ "type": null }""", "offer.type" },
        { "[]", "offer" },
    };

    /// <summary>Whole requests.</summary>
    public static TheoryData<string, string, string> Requests => new()
    {
        { "/offers/quote", "", "$" },
        { "/offers/quote", "{", "$" },
        { "/offers/quote", "[]", "$" },
        { "/offers/quote", "null", "$" },
        { "/offers/quote", "{}", "cart" },
        { "/offers/quote", $$"""{ "cart": {{OneLine(Line)}}, "explain": "everything" }""", "explain" },
        { "/offers/simulate", $$"""{ "cart": {{OneLine(Line)}} }""", "campaigns" },
        { "/offers/simulate", Simulate("null"), "campaigns[0]" },
        { "/offers/simulate", Simulate("{ \"id\": \"a\" }"), "campaigns[0].offer" },
        { "/offers/simulate", Simulate($$"""{ {{Offer}} }"""), "campaigns[0].id" },
        { "/offers/simulate", Simulate($$"""{ "id": "a", {{Offer}} }, { "id": "a", {{Offer}} }"""), "campaigns[1].id" },
        { "/offers/simulate", Simulate($$"""{ "id": "a", "currency": "XXQ", {{Offer}} }"""), "campaigns[0].currency" },
        { "/offers/simulate", Simulate("""{ "id": "a", "offer": { "type": "lottery" } }"""), "campaigns[0].offer" },
        { "/offers/simulate", Simulate("""{ "id": "a", "offer": { "tiers": [] } }"""), "campaigns[0].offer" },
        { "/offers/simulate", Simulate("""{ "id": "a", "offer": { "type": "fullReduction", "tiers": [] } }"""), "campaigns[0].offer.tiers" },
        { "/offers/simulate", Simulate("""{ "id": "a", "offer": { "type": "fullReduction", "tiers": [{ "spend": 200, "off": 20 }, { "spend": 100, "off": 10 }] } }"""), "campaigns[0].offer.tiers[1].spend" },
        { "/offers/simulate", Simulate("""{ "id": "a", "offer": { "type": "fullReduction", "tiers": [{ "spend": 10, "off": 20 }] } }"""), "campaigns[0].offer.tiers[0].off" },
        { "/offers/simulate", Simulate("""{ "id": "a", "offer": { "type": "percentOff", "tiers": [{ "percent": 101 }] } }"""), "campaigns[0].offer.tiers[0].percent" },
        { "/offers/simulate", Simulate($$"""{ "id": "a", {{Offer}}, "combining": { "class": "cart" } }"""), "campaigns[0].combining.class" },
        { "/offers/simulate", Simulate($$"""{ "id": "a", {{Offer}}, "schedule": { "timeZone": "Mars/Base" } }"""), "campaigns[0].schedule.timeZone" },
        { "/offers/simulate", Simulate($$"""{ "id": "a", {{Offer}}, "limits": { "uses": 0 } }"""), "campaigns[0].limits.uses" },
        { "/offers/simulate", $$"""{ "cart": {{OneLine(Line)}}, "campaigns": [], "settings": { "conflictResolution": "luck" } }""", "settings.conflictResolution" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}} }""", "orderId" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}}, "orderId": " " }""", "orderId" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}}, "orderId": 12 }""", "orderId" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}}, "orderId": "a\u0000" }""", "orderId" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}}, "orderId": "{{new string('x', 201)}}" }""", "orderId" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}}, "orderId": "x", "expectedTotal": -1 }""", "expectedTotal" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}}, "orderId": "x", "expectedTotal": 9.999 }""", "expectedTotal" },
        { "/redemptions", $$"""{ "cart": {{OneLine(Line)}}, "orderId": "x", "expectedTotal": "10" }""", "expectedTotal" },
        { "/redemptions", """{ "orderId": "x" }""", "cart" },
    };

    /// <summary>Batches of codes.</summary>
    public static TheoryData<string, string> Batches => new()
    {
        { "{}", "count" },
        { """{ "count": 0 }""", "count" },
        { """{ "count": 100001 }""", "count" },
        { """{ "count": 1.5 }""", "count" },
        { """{ "count": 1, "codes": ["A"] }""", "count" },
        { """{ "codes": [] }""", "codes" },
        { """{ "codes": ["A", ""] }""", "codes[1]" },
        { """{ "codes": ["A", null] }""", "codes[1]" },
        { """{ "codes": ["abc", "ＡＢＣ"] }""", "codes[1]" },
        { """{ "codes": ["a\u0000"] }""", "codes[0]" },
        { """{ "count": 1, "usesPerCode": 0 }""", "usesPerCode" },
        { """{ "count": 1, "length": 3 }""", "length" },
        { """{ "count": 1, "prefix": "a\nb" }""", "prefix" },
    };

    [Theory]
    [MemberData(nameof(Carts))]
    public async Task Quote_AndRedeem_WrongCart_NameThePath(string cart, string path)
    {
        await RefusedAsync("/offers/quote", $$"""{ "cart": {{cart}} }""", path);
        await RefusedAsync("/redemptions", $$"""{ "cart": {{cart}}, "orderId": "x" }""", path);
    }

    [Theory]
    [MemberData(nameof(Nasty))]
    public async Task Quote_AndRedeem_NastyCart_IsRefusedAtItsFieldOrAsBrokenJson(string cart, string path)
    {
        await RefusedAsync("/offers/quote", $$"""{ "cart": {{cart}} }""", path, "$");
        await RefusedAsync("/redemptions", $$"""{ "cart": {{cart}}, "orderId": "x" }""", path, "$");
    }

    [Theory]
    [MemberData(nameof(Campaigns))]
    public async Task Simulate_AndSave_WrongOffer_NameThePath(string offer, string path)
    {
        await RefusedAsync("/offers/simulate", Simulate($$"""{ "id": "a", "offer": {{offer}} }"""), "campaigns[0]." + path, "campaigns[0].offer");
        await RefusedAsync("/campaigns", $$"""{ "name": "x", "currency": "CNY", "offer": {{offer}} }""", path, "offer");
        await using var context = await app.Contexts.CreateDbContextAsync(Stop);
        Assert.False(await context.Campaigns.AnyAsync(c => c.RulesJson == offer, Stop));
    }

    [Fact]
    public async Task Post_BytesThatAreNoText_AreRefused()
    {
        var client = await ClientAsync();
        foreach (var bytes in new byte[][] { [0xff, 0xfe, 0x00], [.. "{ \"cart\": { \"currency\": \""u8, 0xc3, 0x28, .. "\", \"lines\": [] } }"u8], [0xef, 0xbb, 0xbf], [0] })
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");
            var response = await client.PostAsync("/api/v1/offers/quote", content, Stop);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{(int)response.StatusCode}: {Convert.ToHexString(bytes)}");
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Post_WrongRequest_NamesThePath(string route, string body, string path) => await RefusedAsync(route, body, path);

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task Codes_WrongBatch_NamesThePath(string body, string path)
    {
        var client = await ClientAsync();
        var made = await OfferShop.OkAsync(await OfferShop.PostAsync(client, "/campaigns", $$"""{ "name": "x", {{Offer}} }"""));
        await RefusedAsync($"/campaigns/{made["id"]}/codes", body, path);
        Assert.Equal(0, (int)(await OfferShop.OkAsync(await client.GetAsync($"/api/v1/campaigns/{made["id"]}/codes", Stop)))["total"]!);
    }

    private static string OneLine(string lines) => $$"""{ "currency": "CNY", "lines": [{{lines}}] }""";

    private static string Simulate(string campaigns) => $$"""{ "cart": {{OneLine(Line)}}, "campaigns": [{{campaigns}}] }""";

    private static string With(string field, string value)
    {
        var fields = new Dictionary<string, string> { ["id"] = "\"1\"", ["sku"] = "\"S\"", ["quantity"] = "1", ["unitPrice"] = "10", [field] = value };
        return OneLine($"{{ {string.Join(", ", fields.Select(f => $"\"{f.Key}\": {f.Value}"))} }}");
    }

    /// <param name="paths">Any of these is named.</param>
    private async Task RefusedAsync(string route, string body, params string[] paths)
    {
        var response = await OfferShop.PostAsync(await ClientAsync(), route, body);
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{(int)response.StatusCode}: {text}");
        var errors = JsonNode.Parse(text)!["errors"]!.AsObject();
        Assert.True(paths.Any(errors.ContainsKey), $"{paths[0]} is not named: {text}");
        Assert.All(errors, e => Assert.NotEmpty((string)e.Value![0]!));
        await using var context = await app.Contexts.CreateDbContextAsync(Stop);
        Assert.Equal(0, await context.Redemptions.CountAsync(Stop));
    }

    private async Task<HttpClient> ClientAsync()
    {
        var created = await app.Services.GetRequiredService<ApiKeyService>().CreateAsync(new NewApiKey("bad", [Scopes.Everything]), Actor.System, Stop);
        var client = app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", created.Value.Key);
        return client;
    }
}
