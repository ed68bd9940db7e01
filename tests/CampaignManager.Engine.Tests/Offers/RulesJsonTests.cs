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
        ];
        foreach (var offer in offers)
        {
            var json = RulesJson.Write(new CampaignRules { Offer = offer });
            Assert.Equal(json, RulesJson.Write(RulesJson.Read(json)));
        }
    }

    [Fact]
    public void Read_OnlyAnOfferWithTheTypeLast_HasDefaults()
    {
        var rules = RulesJson.Read("""{ "offer": { "tiers": [ { "spend": 1, "off": 1 } ], "type": "fullReduction" } }""");
        Assert.Equal(("CNY", "keep", 10m), (rules.Currency, rules.ReturnPolicy, rules.Experiment.HoldoutPercent));
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
