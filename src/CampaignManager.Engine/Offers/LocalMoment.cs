using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>A local day, or a moment of it: written <c>2026-11-01</c>, <c>2026-11-01T18:00</c> or <c>2026-11-01T18:00:30</c>, and read back in the shape it was sent.</summary>
/// <param name="Day">The local day.</param>
/// <param name="Time">The local time; null for the whole day.</param>
[JsonConverter(typeof(LocalMomentJson))]
public readonly record struct LocalMoment(DateOnly Day, TimeOnly? Time = null)
{
    private const string DayShape = "yyyy-MM-dd";
    private const string MinuteShape = "yyyy-MM-dd'T'HH:mm";
    private const string SecondShape = "yyyy-MM-dd'T'HH:mm:ss";

    /// <summary>Seconds were written, though they may be zero.</summary>
    public bool HasSeconds { get; init; }

    /// <summary>A whole day.</summary>
    public static implicit operator LocalMoment(DateOnly day) => new(day);

    /// <summary>Reads any of the three shapes.</summary>
    public static bool TryParse(string? text, out LocalMoment moment)
    {
        moment = default;
        if (DateOnly.TryParseExact(text, DayShape, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            moment = new LocalMoment(day);
        else if (DateTime.TryParseExact(text, [MinuteShape, SecondShape], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            moment = new LocalMoment(DateOnly.FromDateTime(at), TimeOnly.FromDateTime(at)) { HasSeconds = text.Length > MinuteShape.Length - 2 };
        else
            return false;
        return true;
    }

    /// <summary>The same moment, however it was written.</summary>
    public bool Equals(LocalMoment other) => Day == other.Day && Time == other.Time;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Day, Time);

    /// <inheritdoc/>
    public override string ToString() => Time is not { } time ? Day.ToString(DayShape, CultureInfo.InvariantCulture)
        : Day.ToDateTime(time).ToString(HasSeconds || time.Second != 0 ? SecondShape : MinuteShape, CultureInfo.InvariantCulture);
}

internal sealed class LocalMomentJson : JsonConverter<LocalMoment>
{
    public override LocalMoment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && LocalMoment.TryParse(reader.GetString(), out var moment)
            ? moment
            : throw new JsonException("Write a local day or moment without an offset: a date like 2026-11-01, or 2026-11-01T18:00.");

    public override void Write(Utf8JsonWriter writer, LocalMoment value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
