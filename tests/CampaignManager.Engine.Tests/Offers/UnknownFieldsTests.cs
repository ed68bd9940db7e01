using System.Text.Json;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class UnknownFieldsTests
{
    private const string Offer = """ "offer": { "type": "percentOff", "tiers": [{ "percent": 10 }] } """;

    [Theory]
    [InlineData($$"""{ {{Offer}}, "limit": { "uses": 3 } }""", "limit", "'limits'")]
    [InlineData($$"""{ {{Offer}}, "limits": { "maxUses": 3 } }""", "limits.maxUses", "'uses'")]
    [InlineData($$"""{ {{Offer}}, "limits": { "perCustomer": 1 } }""", "limits.perCustomer", "'usesPerCustomer'")]
    [InlineData($$"""{ {{Offer}}, "schedule": { "startsAt": "2030-01-01" } }""", "schedule.startsAt", "'start'")]
    [InlineData($$"""{ {{Offer}}, "schedule": { "weekly": [{ "days": ["mon"], "from": "08:00", "til": "10:00" }] } }""", "schedule.weekly[0].til", "Known: days, from, to")]
    [InlineData("""{ "offer": { "type": "percentOff", "tiers": [{ "percent": 10 }], "capp": 5 } }""", "offer.capp", "'cap'")]
    [InlineData("""{ "offer": { "type": "percentOff", "tiers": [{ "percent": 10, "minSpend": 5 }] } }""", "offer.tiers[0].minSpend", "'spend'")]
    [InlineData("""{ "offer": { "type": "fixedPrice", "price": 1, "max_units": 1 } }""", "offer.max_units", "'maxUnits'")]
    [InlineData("""{ "offer": { "type": "fixedPrice", "price": 1, "tiers": [] } }""", "offer.tiers", "Known: price")]
    [InlineData("""{ "offer": { "type": "bundle", "price": 9, "items": [{ "qty": 2 }] } }""", "offer.items[0].qty", "'quantity'")]
    [InlineData("""{ "offer": { "type": "buyXGetY", "get": { "quantity": 1, "scope": { "include": { "sku": ["A"] } } } } }""", "offer.get.scope.include.sku", "'skus'")]
    [InlineData("""{ "offer": { "type": "buyXGetY", "get": { "quantity": 1, "scope": { "category": ["A"] } } } }""", "offer.get.scope.category", "'categories'")]
    [InlineData($$"""{ {{Offer}}, "scope": { "includes": {} } }""", "scope.includes", "'include'")]
    [InlineData($$"""{ {{Offer}}, "experiment": { "holdout": 10 } }""", "experiment.holdout", "'holdoutPercent'")]
    [InlineData($$"""{ {{Offer}}, "experiment": { "contactCost": 0.5 } }""", "experiment.contactCost", "cannot be used yet")]
    [InlineData($$"""{ {{Offer}}, "combining": { "zzz": 1 } }""", "combining.zzz", "Known: class, priority")]
    public void Find_MisspelledField_NamesItsPathAndTheNearest(string json, string path, string sentence)
    {
        var found = Assert.Single(Of(json));
        Assert.Equal((path, UnknownFields.Code), (found.Path, found.Code));
        Assert.Contains(sentence, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData($$"""{ {{Offer}}, "Limits": { "USES": 3 } }""")]
    [InlineData($$"""{ {{Offer}}, "experiment": { "contactCost": 0.0, "target": null, "preset": "clear-signal", "guardrails": [], "arms": [] } }""")]
    [InlineData("""{ "offer": { "tiers": [{ "percent": 10 }], "type": "percentOff" } }""")]
    [InlineData("""{ "offer": { "type": "buyXGetY", "buy": { "quantity": 1, "scope": { "skus": ["A"] } }, "get": { "quantity": 1, "scope": { "include": null, "exclude": { "all": true } } } } }""")]
    // A mechanic that is not known is told as such: of its fields nobody can say anything.
    [InlineData("""{ "offer": { "type": "lottery", "chance": 5 } }""")]
    public void Find_WhatIsKnown_FindsNothing(string json) => Assert.Empty(Of(json));

    [Fact]
    public void Find_RulesAsTheyAreWritten_FindsNothing() => Assert.Empty(Of(RulesJson.Write(new CampaignRules())));

    [Theory]
    [InlineData("quantiy", "quantity")]
    [InlineData("qty", "quantity")]
    [InlineData("unit_price", "unitPrice")]
    [InlineData("price", "unitPrice")]
    [InlineData("colour", null)]
    public void Nearest_OfALine_IsTheOneMeant(string sent, string? meant) =>
        Assert.Equal(meant, FieldNames.Nearest(sent, ["id", "sku", "categories", "brand", "tags", "quantity", "unitPrice", "selected"]));

    private static IReadOnlyList<RuleError> Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return UnknownFields.Find(document.RootElement, typeof(CampaignRules), RulesJson.Options);
    }
}
