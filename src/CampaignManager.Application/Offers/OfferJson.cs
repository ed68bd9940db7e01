using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers;

/// <summary>With the versions of the campaigns all that a price follows from: pricing these again gives the stored quote.</summary>
public sealed record QuoteInputs(Cart Cart, IReadOnlyDictionary<string, CampaignUsage> Usage, ConflictResolution ConflictResolution);

/// <summary>How carts and quotes are stored with a redemption.</summary>
internal static class OfferJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("Nothing is stored here.");
}
