using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Web.Hosting;

/// <summary>A number that a decimal cannot hold as it was written is refused: rounding it silently would hide the digits that a price must not have.</summary>
internal sealed class ExactDecimal : JsonConverter<decimal>
{
    private const int MostDigits = 28;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = reader.GetDecimal();
        // Shorter ones are exact without a look, but for an exponent.
        if (reader.HasValueSequence || reader.ValueSpan.Length >= MostDigits || reader.ValueSpan.ContainsAny((byte)'e', (byte)'E'))
            Check(reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan);
        return value;
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    private static void Check(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAny((byte)'e', (byte)'E');
        var digits = at < 0 ? text : text[..at];
        var exponent = at < 0 ? default : text[(at + 1)..];
        var point = digits.IndexOf((byte)'.');
        // Idle zeros at the end say nothing.
        var end = point < 0 ? digits.Length : digits.TrimEnd((byte)'0').Length;
        long scale = point < 0 ? 0 : Math.Max(0, end - point - 1);
        var significant = digits[..end].TrimStart("-0."u8).Length;
        if (significant == 0)
            return;
        if (!exponent.IsEmpty)
            scale -= long.TryParse(exponent, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var power) ? power : -MostDigits - scale - 1;
        if (scale > MostDigits || significant > MostDigits + 1)
            throw new JsonException("The number has more digits than can be counted with.");
    }
}
