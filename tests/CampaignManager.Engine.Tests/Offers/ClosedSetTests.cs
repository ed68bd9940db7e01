using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class ClosedSetTests
{
    public static TheoryData<string, string[]> Sets => new()
    {
        { "offer.per", ["order", "unit"] },
        { "offer.pick", ["cheapest", "dearest"] },
        { "combining.class", ["item", "order", "shipping"] },
        { "combining.thresholdBase", ["running", "list"] },
        { "limits.onBudgetShort", ["reject", "partial"] },
        { "returnPolicy", ["keep", "clawback"] },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Read_EachName_IsWrittenTheSame(string path, string[] names)
    {
        foreach (var name in names)
            Assert.Equal(name, (string?)At(JsonNode.Parse(RulesJson.Write(RulesJson.Read(Rules(path, $"\"{name}\""))))!, path));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Read_AnythingElse_NamesThePathAndWhatIsAllowed(string path, string[] names)
    {
        string[] wrong = ["0", "1", "true", "{}", "[]", "\"\"", "\"0\"", $"\"{names[0].ToUpperInvariant()}\"", $"\"{char.ToUpperInvariant(names[1][0])}{names[1][1..]}\"",
            $"\" {names[0]}\"", $"\"{names[0]},{names[1]}\"", .. path == "combining.class" ? Array.Empty<string>() : ["null"]];
        foreach (var value in wrong)
        {
            var refused = Assert.Throws<JsonException>(() => RulesJson.Read(Rules(path, value)));
            Assert.Equal("$." + path, refused.Path);
            Assert.StartsWith($"The value must be one of: {string.Join(", ", names)}.", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_NoClass_IsTheMechanicsOwn() => Assert.Null(RulesJson.Read(Rules("combining.class", "null")).Combining.Class);

    [Fact]
    public void Name_EveryMember_IsReadBack()
    {
        foreach (var way in Enum.GetValues<ConflictResolution>())
        {
            Assert.True(ClosedSets.TryRead<ConflictResolution>(way.Name(), out var back));
            Assert.Equal(way, back);
        }

        Assert.Equal(["bestForCustomer", "priority"], ClosedSets.NamesOf(typeof(ConflictResolution?)));
        Assert.Null(ClosedSets.NamesOf(typeof(Explain)));
        Assert.False(ClosedSets.TryRead<ConflictResolution>("Priority", out _));
    }

    // Options of any other reader find the converter by the type.
    [Fact]
    public void Read_WithOtherOptions_IsAsStrict()
    {
        Assert.Equal("\"clawback\"", JsonSerializer.Serialize(ReturnPolicy.Clawback));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ReturnPolicy>("1"));
    }

    private static string Rules(string path, string value)
    {
        JsonObject offer = path == "offer.pick"
            ? new() { ["type"] = "buyXGetY", ["buy"] = new JsonObject { ["quantity"] = 1 }, ["get"] = new JsonObject { ["quantity"] = 1 } }
            : new() { ["type"] = "amountOff", ["amount"] = 5 };
        JsonObject rules = new() { ["offer"] = offer, ["combining"] = new JsonObject(), ["limits"] = new JsonObject() };
        var names = path.Split('.');
        (names.Length == 1 ? rules : rules[names[0]]!.AsObject())[names[^1]] = JsonNode.Parse(value);
        return rules.ToJsonString();
    }

    private static JsonNode? At(JsonNode rules, string path) => path.Split('.').Aggregate((JsonNode?)rules, (node, name) => node![name]);
}
