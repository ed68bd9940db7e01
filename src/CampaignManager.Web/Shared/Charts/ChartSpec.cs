using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Web.Shared.Charts;

/// <summary>What js/charts.js draws, as JSON: data only, no code, so that a strict content policy can hold.</summary>
internal static class ChartSpec
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new FiniteOrNull() },
    };

    public static string Write(object spec) => JsonSerializer.Serialize(spec, Options);

    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
