using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>Numbers as base64 of their little-endian bytes: exact, NaN too, and half the size of digits.</summary>
internal sealed class PackedArray<T> : JsonConverter<T[]> where T : unmanaged
{
    public override T[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        MemoryMarshal.Cast<byte, T>(reader.GetBytesFromBase64()).ToArray();

    public override void Write(Utf8JsonWriter writer, T[] value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(MemoryMarshal.AsBytes<T>(value));
}
