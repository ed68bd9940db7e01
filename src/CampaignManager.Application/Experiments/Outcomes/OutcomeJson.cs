using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>Sums as they are kept: whole numbers of 128 bits, digit by digit.</summary>
internal static class OutcomeJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(), new CrossConverter() } };

    private sealed record Stored(long Count, Int128[] Sums, Int128[] Products);

    private sealed class CrossConverter : JsonConverter<CrossSums>
    {
        public override CrossSums Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var stored = JsonSerializer.Deserialize<Stored>(ref reader, options)!;
            return CrossSums.Stored(stored.Count, stored.Sums, stored.Products);
        }

        public override void Write(Utf8JsonWriter writer, CrossSums value, JsonSerializerOptions options)
        {
            var columns = Enumerable.Range(0, value.Columns).ToList();
            JsonSerializer.Serialize(
                writer, new Stored(value.Count, [.. columns.Select(value.Sum)], [.. columns.SelectMany(a => columns.Take(a + 1).Select(b => value.Product(a, b)))]), options);
        }
    }
}
