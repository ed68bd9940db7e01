using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>The one way rules become JSON and come back: camelCase, as the API shows them.</summary>
public static class RulesJson
{
    /// <summary>Options shared by storage and API.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new ClosedSetsFirst(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes rules.</summary>
    public static string Write(CampaignRules rules) => JsonSerializer.Serialize(rules, Options);

    /// <summary>Reads rules.</summary>
    /// <exception cref="JsonException">Not rules.</exception>
    public static CampaignRules Read(string json) =>
        JsonSerializer.Deserialize<CampaignRules>(json, Options) ?? throw new JsonException("Rules are empty.");
}
