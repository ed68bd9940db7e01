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
              "nearMisses": [ { "campaignId": "miss", "missing": 12.5, "missingUnit": "money", "gain": 20, "message": "¥12.50 more and you save ¥20" } ],
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

    private static JsonNode Written(Quote quote, bool units = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            QuoteJson.Write(writer, quote, CultureInfo.GetCultureInfo("en"), units: units);
        return JsonNode.Parse(stream.ToArray())!;
    }
}
