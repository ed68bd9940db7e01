using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CampaignManager.Engine.Offers;

/// <summary>Fields of a JSON text that its type does not have. Swallowed, a limit or a start that is spelled wrongly costs money.</summary>
public static class UnknownFields
{
    /// <summary>What errors of this kind are called.</summary>
    public const string Code = "field-unknown";

    private const int LongestName = 60;

    /// <summary>All of them, each with its path and the nearest name that is known.</summary>
    /// <param name="json">JSON that can be read as <paramref name="type"/>.</param>
    /// <param name="type">What it is read as.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="path">Where it stands in its request; "" at the root.</param>
    public static IReadOnlyList<RuleError> Find(JsonElement json, Type type, JsonSerializerOptions options, string path = "")
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(options);
        options.MakeReadOnly(populateMissingResolver: true);
        List<RuleError> found = [];
        Look(json, type, options, path, found);
        return found;
    }

    /// <summary>The error of one field.</summary>
    /// <param name="path">Path of the object in which it stands; "" at the root.</param>
    /// <param name="name">As it was sent.</param>
    /// <param name="known">What may stand in its place.</param>
    public static RuleError Error(string path, string name, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        var told = name.Length <= LongestName ? name : name[..LongestName] + "…";
        return new RuleError(path.Length == 0 ? told : $"{path}.{told}", Code, FieldNames.Sentence(told, known), [told, FieldNames.Nearest(told, known) ?? string.Join(", ", known)]);
    }

    private static void Look(JsonElement json, Type type, JsonSerializerOptions options, string path, List<RuleError> found)
    {
        var own = type.GetCustomAttribute<WrittenAsAttribute>()?.Shape ?? type;
        var contract = options.GetTypeInfo(own);
        if (json.ValueKind == JsonValueKind.Object && contract.Kind == JsonTypeInfoKind.Object)
        {
            LookInto(json, contract, options, path, found);
        }
        else if (json.ValueKind == JsonValueKind.Array && contract is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element })
        {
            var i = 0;
            foreach (var item in json.EnumerateArray())
                Look(item, element, options, string.Create(CultureInfo.InvariantCulture, $"{path}[{i++}]"), found);
        }
    }

    private static void LookInto(JsonElement json, JsonTypeInfo contract, JsonSerializerOptions options, string path, List<RuleError> found)
    {
        HashSet<string> free = new(StringComparer.OrdinalIgnoreCase);
        if (contract.PolymorphismOptions is { TypeDiscriminatorPropertyName: { } discriminator } kinds)
        {
            free.Add(discriminator);
            var kind = json.TryGetProperty(discriminator, out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            // A kind that is not known is an error of its own.
            if (kinds.DerivedTypes.FirstOrDefault(d => d.TypeDiscriminator as string == kind).DerivedType is not { } derived)
                return;
            contract = options.GetTypeInfo(derived);
        }

        if (contract.Properties.Any(p => p.IsExtensionData))
            return;
        // Properties that are not part of the JSON have neither.
        var known = contract.Properties.Where(p => p.Get is not null || p.Set is not null).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var later = contract.Type.GetCustomAttributes<NotYetAttribute>().ToDictionary(n => n.Name, StringComparer.OrdinalIgnoreCase);
        if (contract.Type.GetCustomAttribute<SentBackAttribute>() is { } back)
            free.UnionWith(options.GetTypeInfo(back.Type).Properties.Select(p => p.Name));
        foreach (var field in json.EnumerateObject())
        {
            var name = Name(field);
            if (known.TryGetValue(name, out var property))
                Look(field.Value, property.PropertyType, options, path.Length == 0 ? name : $"{path}.{name}", found);
            else if (later.TryGetValue(name, out var notYet) && !SaysNothing(field.Value, notYet.Usual))
                found.Add(new RuleError(path.Length == 0 ? name : $"{path}.{name}", Code, $"'{name}' cannot be used yet. Leave it out.", [name, ""]));
            else if (notYet is null && !free.Contains(name))
                found.Add(Error(path, name, known.Keys));
        }
    }

    private static bool SaysNothing(JsonElement value, string usual)
    {
        using var expected = JsonDocument.Parse(usual);
        return value.ValueKind == JsonValueKind.Null || JsonElement.DeepEquals(value, expected.RootElement);
    }

    // Half of a surrogate pair is no text: such a name cannot be read, and is no field's in any case.
    private static string Name(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }
}
