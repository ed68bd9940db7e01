using System.Text;
using System.Text.Json;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>The reader of carts beside the serializer, which is the rule: the same cart, or none at all.</summary>
public sealed class CartReaderTests
{
    private const string Full = """
        { "currency": "CNY", "at": "2026-11-11T04:00:00+08:00", "channel": "app", "region": "华北", "codes": ["A", null, "B"], "shipping": 10.50,
          "pricesIncludeTax": false, "customer": { "id": "u\u00e91", "segments": ["new", "vip"], "isNew": true },
          "lines": [ { "id": "l\"1", "sku": "S-1", "categories": ["shoes/run"], "brand": "b", "tags": [], "quantity": 2, "unitPrice": 19.99,
                       "minUnitPrice": 0, "taxRate": 13, "selected": false }, { } ] }
        """;

    [Theory]
    [InlineData(Full)]
    [InlineData("{}")]
    [InlineData("""{ "currency": null, "at": null, "channel": null, "codes": null, "shipping": null, "pricesIncludeTax": null, "customer": null, "lines": null }""")]
    [InlineData("""{ "customer": {}, "lines": [], "codes": [] }""")]
    [InlineData("""{ "customer": { "id": null, "segments": null, "isNew": null }, "customer": { "id": "second" }, "currency": "A", "currency": "B" }""")]
    [InlineData("""{ "lines": [ { "id": null, "sku": null, "categories": null, "brand": null, "tags": [null], "quantity": null, "unitPrice": null } ] }""")]
    [InlineData("""{ "shipping": -0.0, "lines": [ { "quantity": 1.50, "unitPrice": 92233720368547758.070000 } ] }""")]
    public void TryRead_KnownFields_IsTheSerializersCart(string json)
    {
        var wanted = JsonSerializer.Deserialize<CartInput>(json, RulesJson.Options);
        Assert.Equal(Text(wanted), Text(Read(Encoding.UTF8.GetBytes(json), out var read)));
        Assert.True(read);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "Currency": "CNY" }""")]
    [InlineData("""{ "\u0063urrency": "CNY" }""")]
    [InlineData("""{ "limit": 1 }""")]
    [InlineData("""{ "lines": [ { "qty": 1 } ] }""")]
    [InlineData("""{ "customer": { "name": "x" } }""")]
    [InlineData("""{ "currency": 5 }""")]
    [InlineData("""{ "at": "yesterday" }""")]
    [InlineData("""{ "codes": "A" }""")]
    [InlineData("""{ "codes": [["A"]] }""")]
    [InlineData("""{ "shipping": "10" }""")]
    [InlineData("""{ "shipping": 1e2 }""")]
    [InlineData("""{ "shipping": 0.00000000000000000000000000001 }""")]
    [InlineData("""{ "pricesIncludeTax": "true" }""")]
    [InlineData("""{ "lines": {} }""")]
    [InlineData("""{ "lines": [7] }""")]
    [InlineData("""{ "lines": [null] }""")]
    public void TryRead_AnythingElse_IsLeftToTheSerializer(string json)
    {
        Assert.Null(Read(Encoding.UTF8.GetBytes(json), out var read));
        Assert.False(read);
    }

    [Fact]
    public void TryRead_CutAnywhere_IsNoCart()
    {
        var whole = Encoding.UTF8.GetBytes(Full);
        Assert.NotNull(Read(whole, out _));
        for (var length = 1; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.ThrowsAny<Exception>(() => Assert.NotNull(Read(cut, out _)));
        }
    }

    private static string Text(CartInput? cart) => JsonSerializer.Serialize(cart, RulesJson.Options);

    private static CartInput? Read(byte[] bytes, out bool read)
    {
        var json = new Utf8JsonReader(bytes);
        json.Read();
        read = CartReader.TryRead(ref json, out var cart);
        return read ? cart : null;
    }
}
