using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using static CampaignManager.Engine.Tests.Offers.Pricing.Priced;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class QuoteJsonTests
{
    [Fact]
    public void Write_Quote_IsTheApiShape()
    {
        var quote = (Basket(100_00, 87_50) with { Shipping = 10_00, Codes = ["nope"] }).Quote(
            Campaign("cut", Percent(1), category: "any"), Campaign("gift", new Gift { Tiers = [new("CUP", 2, Spend: 100)] }), Campaign("miss", Full(200, 20), priority: 9));
        const string Expected = """
            { "currency": "CNY",
              "lines": [
                { "id": "a", "sku": "S-a", "quantity": 1, "listTotal": 100, "discount": 1, "total": 99, "discounts": [{ "campaignId": "cut", "amount": 1, "unitAmounts": [1] }], "gift": false },
                { "id": "b", "sku": "S-b", "quantity": 1, "listTotal": 87.5, "discount": 0.88, "total": 86.62, "discounts": [{ "campaignId": "cut", "amount": 0.88, "unitAmounts": [0.88] }], "gift": false },
                { "id": "gift:gift", "sku": "CUP", "quantity": 2, "listTotal": 0, "discount": 0, "total": 0, "discounts": [], "gift": true, "campaignId": "gift" } ],
              "unselected": [], "goodsTotal": 187.5, "shipping": 10, "shippingDiscount": 0, "discountTotal": 1.88, "total": 195.62,
              "campaigns": [
                { "id": "miss", "applied": false, "amount": 0, "desired": 0, "reason": { "code": "below-threshold", "message": "¥12.50 short of the threshold.", "missing": 12.5, "missingUnit": "money" } },
                { "id": "cut", "applied": true, "amount": 1.88, "desired": 1.88 },
                { "id": "gift", "applied": true, "amount": 0, "desired": 0 } ],
              "nearMisses": [ { "campaignId": "miss", "missing": 12.5, "missingUnit": "money", "gain": 19.8, "message": "¥12.50 more and you save ¥19.80" } ],
              "codes": [ { "code": "nope", "applied": false, "campaignIds": [], "reason": { "code": "code-unknown", "message": "The code is not known." } } ] }
            """;
        var actual = Written(quote, units: true);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), actual), actual.ToJsonString());
    }

    [Fact]
    public void Write_UnitsNotAskedFor_LeavesNothingElseOut()
    {
        var quote = Basket(100_00, 87_50).Quote(Campaign("cut", Percent(1), category: "any"));
        var (without, with) = (Written(quote), Written(quote, units: true));
        Assert.False(JsonNode.DeepEquals(with, without));
        foreach (var discount in with["lines"]!.AsArray().SelectMany(l => l!["discounts"]!.AsArray()))
            Assert.True(discount!.AsObject().Remove("unitAmounts"));
        Assert.True(JsonNode.DeepEquals(with, without), without.ToJsonString());
    }

    [Theory]
    [InlineData("plain-1.2_3 ~")]
    [InlineData("say \"hi\" \\ back/slash")]
    [InlineData("<b>&'+`")]
    [InlineData("满减 ¥20, café")]
    [InlineData("\ud83c\udf81 gift")]
    [InlineData("tab\tline\nnul\0del\u007f")]
    [InlineData("\u2028\u0085\u00a0\ue000\uffff")]
    [InlineData("half \ud83c pair")]
    public void Of_AnyText_IsEscapedAsEverywhereElse(string text)
    {
        var quote = Blank() with { Lines = [Line(text, 1)] };
        using var json = QuoteJson.Of(quote, CultureInfo.InvariantCulture);
        var written = System.Text.Encoding.UTF8.GetString(json.Written);
        Assert.Contains($$"""{"id":{{JsonSerializer.Serialize(text, RulesJson.Options)}},"sku":"S",""", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CNY")]
    [InlineData("JPY")]
    [InlineData("KWD")]
    public void Of_AnyAmount_IsWrittenAsADecimalWithoutIdleZeros(string code)
    {
        var currency = CampaignManager.Engine.Money.Currency.Get(code);
        foreach (var minor in (long[])[0, 1, 9, 10, 99, 100, 101, 1000, 1010, 123_456_789, -1, -99, -100, -1001, long.MaxValue, -long.MaxValue])
        {
            using var json = QuoteJson.Of(Blank() with { Currency = code, Lines = [Line("l", minor)] }, CultureInfo.InvariantCulture);
            var written = JsonNode.Parse(json.Written)!["lines"]![0]!["listTotal"]!.ToJsonString();
            Assert.Equal(currency.ToMajor(minor).ToString("0.###", CultureInfo.InvariantCulture), written);
        }
    }

    [Fact]
    public void Of_AnswersOneAfterAnother_KeepNothingOfTheOneBefore()
    {
        var many = Blank() with { Lines = [.. Enumerable.Range(0, 1000).Select(i => Line("l" + i, i))] };
        using (var json = QuoteJson.Of(many, CultureInfo.InvariantCulture))
            Assert.Equal(1000, JsonNode.Parse(json.Written)!["lines"]!.AsArray().Count);
        using var first = QuoteJson.Of(Blank(), CultureInfo.InvariantCulture);
        using var second = QuoteJson.Of(Blank() with { Lines = [Line("two", 2)] }, CultureInfo.InvariantCulture);
        Assert.Empty(JsonNode.Parse(first.Written)!["lines"]!.AsArray());
        Assert.Equal("two", (string?)JsonNode.Parse(second.Written)!["lines"]![0]!["id"]);
    }

    private static Quote Blank() => new()
    {
        Currency = "CNY",
        Lines = [],
        GoodsTotal = 0,
        DiscountTotal = 0,
        Shipping = 0,
        ShippingDiscount = 0,
        Campaigns = [],
        Applied = [],
        NearMisses = [],
        Codes = [],
    };

    private static QuoteLine Line(string id, long listTotal) =>
        new() { Id = id, Sku = "S", Quantity = 1, ListTotal = listTotal, Discount = 0, Discounts = [] };

    private static JsonNode Written(Quote quote, bool units = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            QuoteJson.Write(writer, quote, CultureInfo.GetCultureInfo("en"), units: units);
        return JsonNode.Parse(stream.ToArray())!;
    }
}
