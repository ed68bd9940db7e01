using System.Text.Json;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class CartValidationTests
{
    private const string Line = """{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 10 }""";

    [Theory]
    [InlineData("currency", "currency-unknown", """{ "lines": [] }""")]
    [InlineData("currency", "currency-unknown", """{ "currency": "XXQ", "lines": [] }""")]
    [InlineData("currency", "currency-unknown", """{ "currency": "cny", "lines": [] }""")]
    [InlineData("lines", "missing", """{ "currency": "CNY" }""")]
    [InlineData("lines[0]", "blank", """{ "currency": "CNY", "lines": [null] }""")]
    [InlineData("lines[1].id", "twice", "{ \"currency\": \"CNY\", \"lines\": [" + Line + "," + Line + "] }")]
    [InlineData("lines[0].id", "missing", """{ "currency": "CNY", "lines": [{ "sku": "S", "quantity": 1, "unitPrice": 10 }] }""")]
    [InlineData("lines[0].sku", "missing", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": " ", "quantity": 1, "unitPrice": 10 }] }""")]
    [InlineData("lines[0].quantity", "missing", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "unitPrice": 10 }] }""")]
    [InlineData("lines[0].unitPrice", "missing", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1 }] }""")]
    [InlineData("lines[0].quantity", "quantity-positive", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 0, "unitPrice": 10 }] }""")]
    [InlineData("lines[0].quantity", "quantity-positive", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": -2, "unitPrice": 10 }] }""")]
    [InlineData("lines[0].quantity", "quantity-whole", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1.5, "unitPrice": 10 }] }""")]
    [InlineData("lines[0].quantity", "quantity-large", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 100001, "unitPrice": 0 }] }""")]
    [InlineData("lines[1].quantity", "quantity-large", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 90000, "unitPrice": 1 }, { "id": "b", "sku": "S", "quantity": 90000, "unitPrice": 1 }] }""")]
    [InlineData("lines[0].unitPrice", "amount-negative", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": -0.01 }] }""")]
    [InlineData("lines[0].unitPrice", "amount-digits", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 10.001 }] }""")]
    [InlineData("lines[0].unitPrice", "amount-digits", """{ "currency": "JPY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 10.5 }] }""")]
    [InlineData("lines[0].unitPrice", "amount-digits", """{ "currency": "KWD", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 1.0005 }] }""")]
    [InlineData("lines[0].unitPrice", "overflow", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 92233720368547758.08 }] }""")]
    [InlineData("lines[0].unitPrice", "overflow", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 2, "unitPrice": 92233720368547758 }] }""")]
    [InlineData("lines[1].unitPrice", "overflow", """{ "currency": "JPY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 9223372036854775807 }, { "id": "b", "sku": "S", "quantity": 1, "unitPrice": 1 }] }""")]
    [InlineData("lines[0].minUnitPrice", "amount-negative", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 10, "minUnitPrice": -1 }] }""")]
    [InlineData("lines[0].minUnitPrice", "overflow", """{ "currency": "JPY", "lines": [{ "id": "a", "sku": "S", "quantity": 2, "unitPrice": 10, "minUnitPrice": 9223372036854775807 }] }""")]
    [InlineData("lines[0].taxRate", "range", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 10, "taxRate": -1 }] }""")]
    [InlineData("lines[0].categories[1]", "blank", """{ "currency": "CNY", "lines": [{ "id": "a", "sku": "S", "quantity": 1, "unitPrice": 10, "categories": ["x", null] }] }""")]
    [InlineData("shipping", "amount-negative", """{ "currency": "CNY", "shipping": -1, "lines": [] }""")]
    [InlineData("shipping", "amount-digits", """{ "currency": "CNY", "shipping": 1.005, "lines": [] }""")]
    [InlineData("codes[0]", "blank", """{ "currency": "CNY", "codes": [" "], "lines": [] }""")]
    [InlineData("customer.segments[0]", "blank", """{ "currency": "CNY", "customer": { "segments": [null] }, "lines": [] }""")]
    public void Read_OneWrongField_NamesItAndNothingElse(string path, string code, string json)
    {
        Assert.Null(CartValidation.Read(JsonSerializer.Deserialize<CartInput>(json, RulesJson.Options), "cart", out var errors));
        var error = Assert.Single(errors);
        Assert.Equal(("cart." + path, code), (error.Path, error.Code));
        Assert.EndsWith(".", error.Message);
    }

    [Fact]
    public void Read_TooManyLines_NamesTheList()
    {
        var lines = Enumerable.Range(0, 1001).Select(i => new CartLineInput { Id = "l" + i, Sku = "S", Quantity = 1, UnitPrice = 1 }).ToArray();
        Assert.Null(CartValidation.Read(new CartInput { Currency = "CNY", Lines = lines }, "", out var errors));
        Assert.Equal("lines", Assert.Single(errors).Path);
        Assert.NotNull(CartValidation.Read(new CartInput { Currency = "CNY", Lines = lines[..1000] }, "", out _));
    }

    [Fact]
    public void Read_NoCart_SaysSo()
    {
        Assert.Null(CartValidation.Read(null, "cart", out var errors));
        Assert.Equal("cart", Assert.Single(errors).Path);
    }

    [Fact]
    public void Read_CartOfTheApi_BecomesMinorUnits()
    {
        const string Json = """
            { "currency": "KWD", "at": "2026-11-11T00:00:00+08:00", "channel": "app", "region": "east", "customer": { "id": "u1", "segments": ["vip"], "isNew": true }, "codes": ["X"],
              "shipping": 1.250, "pricesIncludeTax": false,
              "lines": [{ "id": "a", "sku": "S", "categories": ["shoes"], "brand": "Acme", "tags": ["new"], "quantity": 2, "unitPrice": 10.500, "minUnitPrice": 9, "taxRate": 13, "selected": false }] }
            """;
        var cart = CartValidation.Read(JsonSerializer.Deserialize<CartInput>(Json, RulesJson.Options), "", out var errors)!;
        Assert.Empty(errors);
        Assert.Equal(("KWD", "app", "east", "u1", true, 1250, false), (cart.Currency, cart.Channel, cart.Region, cart.CustomerId, cart.IsNew, cart.Shipping, cart.PricesIncludeTax));
        var line = Assert.Single(cart.Lines);
        Assert.Equal(("a", "S", "Acme", 2, 10_500, 9_000, 13, false), (line.Id, line.Sku, line.Brand, line.Quantity, line.UnitPrice, line.MinUnitPrice, line.TaxRate, line.Selected));
    }
}
