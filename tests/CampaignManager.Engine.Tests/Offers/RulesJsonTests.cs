using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class RulesJsonTests
{
    /// <summary>The campaign of the API's description, without the fields that are not rules.</summary>
    private const string Example = """
        { "currency": "CNY",
          "offer": { "type": "fullReduction", "tiers": [ { "spend": 200, "off": 30 }, { "spend": 400, "off": 80 } ] },
          "scope": { "include": { "categories": ["shoes"] }, "exclude": { "skus": ["S-1"] }, "onlyUndiscounted": false, "cheapestOnly": false, "thresholdNetOfTax": false },
          "audience": { "anyOf": ["new-customers"], "noneOf": [], "customerKinds": [], "channels": [], "regions": [] },
          "combining": { "class": null, "priority": 10, "group": null, "exclusive": false, "thresholdBase": "running" },
          "trigger": { "code": null },
          "schedule": { "timeZone": "Asia/Shanghai", "start": "2026-11-01", "end": "2026-11-11", "weekly": [ { "days": ["fri"], "from": "18:00", "to": "22:00" } ] },
          "limits": { "budget": 50000, "uses": null, "usesPerCustomer": 1, "usesPerCode": null, "usesPerDay": null, "onBudgetShort": "reject", "reusableOnCancel": true, "reservationMinutes": 30 },
          "returnPolicy": "keep",
          "experiment": { "holdoutPercent": 10, "attributionDays": 14 } }
        """;

    [Fact]
    public void ReadThenWrite_ExampleOfTheApi_KeepsEveryField()
    {
        var rules = RulesJson.Read(Example);
        Assert.Empty(RulesValidation.Check(rules));
        AssertContains(JsonNode.Parse(Example), JsonNode.Parse(RulesJson.Write(rules)), "$");
    }

    [Fact]
    public void WriteThenRead_EveryMechanic_IsTheSame()
    {
        Offer[] offers =
        [
            new FullReduction { Every = 200, Off = 30, MaxTimes = 3, AllowFree = true },
            new PercentOff { Tiers = [new PercentTier(null, 10.5m)], Cap = 50 },
            new FreeShipping { Spend = 99, Cap = 10 },
            new QuantityDiscount { Tiers = [new(2, Percent: 10), new(3, Off: 30)], Cap = 50 },
            new AmountOff { Amount = 5, Per = AmountPer.Unit, MaxUnits = 2 },
            new FixedPrice { Price = 9.9m, MaxUnits = 1 },
            new BuyXGetY { Buy = new(2, new() { Include = new() { Categories = ["tea"] } }), Get = new(1, Percent: 50), MaxTimes = 3, Pick = UnitPick.Dearest },
            new Bundle { Items = [new(new() { Exclude = new() { Skus = ["A"] } }, 2), new()], Price = 99, MaxTimes = 2 },
            new Gift { Tiers = [new("CUP", 2, Spend: 100, Value: 20)], PerTimes = true },
        ];
        foreach (var offer in offers)
        {
            var json = RulesJson.Write(new CampaignRules { Offer = offer });
            var read = RulesJson.Read(json);
            Assert.Equal(json, RulesJson.Write(read));
            Assert.Equal(offer.GetType(), read.Offer.GetType());
            Assert.Contains($"\"type\":\"{offer.Type}\"", json, StringComparison.Ordinal);
            Assert.Empty(RulesValidation.Check(read));
        }
    }

    [Fact]
    public void Read_OnlyAnOfferWithTheTypeLast_HasDefaults()
    {
        var rules = RulesJson.Read("""{ "offer": { "tiers": [ { "spend": 1, "off": 1 } ], "type": "fullReduction" } }""");
        Assert.Equal(("CNY", ReturnPolicy.Keep, 10m), (rules.Currency, rules.ReturnPolicy, rules.Experiment.HoldoutPercent));
    }

    [Fact]
    public void Read_ScopeOfASlotInShort_IsTheSameAsInLong()
    {
        var brief = RulesJson.Read("""{ "offer": { "type": "bundle", "price": 9, "items": [ { "scope": { "categories": ["tea"] }, "quantity": 2 } ] } }""");
        var full = RulesJson.Read("""{ "offer": { "type": "bundle", "price": 9, "items": [ { "scope": { "include": { "categories": ["tea"] } }, "quantity": 2 } ] } }""");
        Assert.Equal(RulesJson.Write(full), RulesJson.Write(brief));
        Assert.Equal(["tea"], Assert.IsType<Bundle>(brief.Offer).Items[0].Scope!.Include!.Categories);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{ "skus": [] }""", true)]
    [InlineData("""{ "include": { "skus": [] } }""", true)]
    [InlineData("""{ "include": null }""", false)]
    public void Read_ScopeOfASlotThatNamesNothing_IsNotTakenForAll(string scope, bool refused)
    {
        var rules = RulesJson.Read($$"""{ "offer": { "type": "bundle", "price": 9, "items": [ { "scope": {{scope}}, "quantity": 2 } ] } }""");
        Assert.Equal(refused, RulesValidation.Check(rules).Any(e => e is { Path: "offer.items[0].scope.include", Code: "include-empty" }));
    }

    [Theory]
    [InlineData("""{ "offer": { "type": "tombola" } }""")]
    [InlineData("""{ "offer": null }""")]
    [InlineData("""{ "audience": { "anyOf": null } }""")]
    public void Read_NotRules_Throws(string json) => Assert.Throws<JsonException>(() => RulesJson.Read(json));

    private static void AssertContains(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    Assert.True(actual!.AsObject().ContainsKey(name), $"{path}.{name} is missing");
                    AssertContains(value, actual[name], $"{path}.{name}");
                }

                break;
            case JsonArray items:
                Assert.Equal(items.Count, actual!.AsArray().Count);
                for (var i = 0; i < items.Count; i++)
                    AssertContains(items[i], actual[i], $"{path}[{i}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path}: {expected} became {actual}");
                break;
        }
    }
}
