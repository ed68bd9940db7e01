using System.Globalization;
using System.Text.Json;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>
/// Places within JSON: names parted by dots (<c>properties.order_id</c>), numbers within arrays (<c>items.0.sku</c>), and keys within
/// arrays of
/// <c>{ key, value }</c> (GA4's <c>event_params.transaction_id</c>). <c>[]</c> stands for every element (<c>discount_codes[].code</c>).
/// </summary>
internal static class JsonPath
{
    public const int Deepest = 64;

    public static readonly JsonDocumentOptions Limits = new() { MaxDepth = Deepest };

    public static JsonElement? Find(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var dot = path.IndexOf('.');
            var (name, rest) = dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
            return Step(element, name) is { } inner ? rest is null ? inner : Find(inner, rest) : null;
        }

        if (element.ValueKind != JsonValueKind.Object)
            return null;
        if (element.TryGetProperty(path, out var whole))
            return whole;
        // Names may hold dots themselves.
        for (var dot = path.IndexOf('.'); dot > 0; dot = path.IndexOf('.', dot + 1))
        {
            if (element.TryGetProperty(path.AsSpan(0, dot), out var inner) && Find(inner, path[(dot + 1)..]) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The text at a place; of several places the texts that are there, parted by commas.</summary>
    public static string? TextAt(JsonElement element, string path)
    {
        if (!path.Contains("[]", StringComparison.Ordinal)
            || (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path, out _)))
            return Find(element, path) is { } found ? Text(found) : null;
        var texts = All(element, path).Select(Text).OfType<string>().ToList();
        return texts.Count == 0 ? null : string.Join(',', texts);
    }

    /// <summary>What GraphQL wraps each row of a list into.</summary>
    public static JsonElement Unwrapped(JsonElement row) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty("node", out var node) && node.ValueKind == JsonValueKind.Object
            && row.EnumerateObject().All(p => p.Name is "node" or "cursor" or "__typename") ? node : row;

    private static IEnumerable<JsonElement> All(JsonElement element, string path)
    {
        var every = path.IndexOf("[]", StringComparison.Ordinal);
        if (every < 0)
            return (path.Length == 0 ? element : Find(element, path)) is { } one ? [one] : [];
        var rest = path[(every + 2)..].TrimStart('.');
        return (every == 0 ? element : Find(element, path[..every])) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().SelectMany(item => All(Unwrapped(item), rest)) : [];
    }

    /// <summary>A value as a cell's text; null for nothing.</summary>
    public static string? Text(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Trim(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array when value.GetArrayLength() > 0 => value.GetRawText(),
            JsonValueKind.Object when value.EnumerateObject().Any() => value.GetRawText(),
            _ => "",
        };
        return text.Length == 0 ? null : text;
    }

    /// <summary>All leaves with their paths; with <paramref name="shape"/> the elements of an array stand for one another
    /// (<c>items[].sku</c>).</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Leaves(JsonElement element, string prefix, bool shape)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                foreach (var leaf in Leaves(property.Value, prefix.Length == 0 ? property.Name : prefix + "." + property.Name, shape))
                    yield return leaf;
            }
        }
        else if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Object))
        {
            if (shape)
                yield return new(prefix, element);
            var i = 0;
            foreach (var item in element.EnumerateArray())
            {
                var pair = Pair(item);
                var name = pair is { } p ? prefix + "." + p.Key : shape ? prefix + "[]"
                    : string.Create(CultureInfo.InvariantCulture, $"{prefix}.{i}");
                foreach (var leaf in Leaves(pair?.Value ?? item, name, shape))
                    yield return leaf;
                i++;
            }
        }
        else if (prefix.Length > 0)
        {
            yield return new(prefix, element);
        }
    }

    private static JsonElement? Step(JsonElement array, string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return index < array.GetArrayLength() ? array[index] : null;
        foreach (var item in array.EnumerateArray())
        {
            if (Pair(item) is { } pair && pair.Key == name)
                return pair.Value;
        }

        return null;
    }

    /// <summary>What <c>{ key, value }</c> says; a value parted by its kind (<c>string_value</c>, <c>int_value</c>) is the one that is
    /// there.</summary>
    private static (string Key, JsonElement Value)? Pair(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.String
            || !item.TryGetProperty("value", out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var kind in value.EnumerateObject())
            {
                if (kind.Name.EndsWith("_value", StringComparison.Ordinal) && kind.Value.ValueKind != JsonValueKind.Null)
                    return (key.GetString()!, kind.Value);
            }
        }

        return (key.GetString()!, value);
    }
}
