using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Offers;

/// <summary>Marks an enum whose members stand in JSON under their camelCase names and under nothing else: neither as numbers nor in another case.</summary>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class ClosedSetAttribute : JsonConverterAttribute
{
    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert) => ClosedSets.ConverterOf(typeToConvert);
}

/// <summary>The names of closed sets.</summary>
public static class ClosedSets
{
    /// <summary>The names of all members, in their order; null when the type is no closed set.</summary>
    /// <param name="type">An enum, or a nullable one.</param>
    public static IReadOnlyList<string>? NamesOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var own = Nullable.GetUnderlyingType(type) ?? type;
        return own.IsEnum && own.IsDefined(typeof(ClosedSetAttribute)) ? [.. Enum.GetNames(own).Select(JsonNamingPolicy.CamelCase.ConvertName)] : null;
    }

    /// <summary>The name of a member.</summary>
    public static string Name<T>(this T member)
        where T : struct, Enum => ClosedSet<T>.Names[Array.IndexOf(ClosedSet<T>.Members, member)];

    /// <summary>The member of a name; false when there is none.</summary>
    public static bool TryRead<T>(string? name, out T member)
        where T : struct, Enum
    {
        var at = Array.IndexOf(ClosedSet<T>.Names, name);
        member = at < 0 ? default : ClosedSet<T>.Members[at];
        return at >= 0;
    }

    internal static JsonConverter ConverterOf(Type type) => (JsonConverter)Activator.CreateInstance(typeof(ClosedSetJson<>).MakeGenericType(type))!;

    private static class ClosedSet<T>
        where T : struct, Enum
    {
        public static readonly T[] Members = Enum.GetValues<T>();
        public static readonly string[] Names = [.. Members.Select(m => JsonNamingPolicy.CamelCase.ConvertName(m.ToString()))];
    }

    private sealed class ClosedSetJson<T> : JsonConverter<T>
        where T : struct, Enum
    {
        // Null is refused with the same sentence; a nullable one takes it before it comes here.
        public override bool HandleNull => true;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryRead<T>(reader.GetString(), out var member)
                ? member
                : throw new JsonException($"The value must be one of: {string.Join(", ", ClosedSet<T>.Names)}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryRead<T>(reader.GetString(), out var member) ? member : throw new JsonException();

        public override void WriteAsPropertyName(Utf8JsonWriter writer, [DisallowNull] T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Name());
    }
}

/// <summary>Goes before a converter that reads enums in general, which would else win over the attribute.</summary>
internal sealed class ClosedSetsFirst : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum && typeToConvert.IsDefined(typeof(ClosedSetAttribute));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => ClosedSets.ConverterOf(typeToConvert);
}
