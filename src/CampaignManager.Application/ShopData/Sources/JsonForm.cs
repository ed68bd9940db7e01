using System.Text;
using System.Text.Json;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>How the objects of a JSON file are put together.</summary>
/// <param name="Encoding">Of its text.</param>
/// <param name="Lines">One object a line.</param>
/// <param name="Depth">Otherwise: how many brackets are open where a row begins. 0: one after another, 1: an array, 2 and more: an array
/// under names.</param>
/// <param name="Under">The names above that array, outermost first; null: none.</param>
internal sealed record JsonForm(Encoding Encoding, bool Lines, int Depth = 0, IReadOnlyList<string>? Under = null)
{
    // Names under which answers of APIs hold their rows; any other must come first.
    private static readonly HashSet<string> Wrappers = new(StringComparer.OrdinalIgnoreCase)
        { "data", "results", "rows", "records", "orders", "customers", "events", "products" };

    // Lists of GraphQL, below the name of what they list.
    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal) { "edges", "nodes" };

    private const int DeepestWrapper = 4;

    /// <summary>Null: this is no JSON.</summary>
    public static JsonForm? Of(byte[] sample, string? encoding)
    {
        if ((encoding is null ? CsvEncoding.Of(sample, out _) : CsvEncoding.Get(encoding)) is not { } named)
            return null;
        var text = named.GetString(sample).TrimStart('\uFEFF').TrimStart();
        var next = text.Length > 1 ? text[1..].TrimStart() is [var c, ..] ? c : '\0' : '\0';
        return text switch
        {
            ['[', ..] when next is '{' or ']' or '[' or '"' or '-' or (>= '0' and <= '9') => new JsonForm(named, false, 1),
            ['{', ..] when next is '"' or '}' => OfObject(text, named),
            _ => null,
        };
    }

    private static JsonForm OfObject(string text, Encoding encoding)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var second = end < 0 ? "" : text[end..].TrimStart();
        // Another object begins the next line: rows, whatever the first one holds.
        if (second is ['{', ..])
            return new JsonForm(encoding, Lines: true);
        if (Wrapper(text) is { } under)
            return new JsonForm(encoding, false, under.Count + 1, under);
        return new JsonForm(encoding, Lines: second.Length == 0 || IsWhole(text[..end]));
    }

    private static bool IsWhole(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, JsonPath.Limits);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The names above the first array of objects within objects that are there for holding it, as answers of APIs are.</summary>
    private static List<string>? Wrapper(string text)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(text), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = JsonPath.Deepest }));
        var names = new List<string>();
        // How many names were met in each of the open objects.
        var met = new int[DeepestWrapper + 1];
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth < names.Count)
                    names.RemoveRange(reader.CurrentDepth, names.Count - reader.CurrentDepth);
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != names.Count + 1)
                    continue;
                var name = reader.GetString()!;
                var first = met[names.Count]++ == 0;
                if (!reader.Read())
                    return null;
                var wraps = Wrappers.Contains(name);
                if (reader.TokenType == JsonTokenType.StartObject && wraps && names.Count < DeepestWrapper - 1)
                    (names, met[names.Count + 1]) = ([.. names, name], 0);
                else if (reader.TokenType == JsonTokenType.StartArray
                    && (first || wraps || (names.Count > 0 && Lists.Contains(name))) && reader.Read()
                    && reader.TokenType == JsonTokenType.StartObject)
                    return [.. names, name];
            }
        }
        catch (JsonException)
        {
            // Broken further on: no reason to take it for anything else.
        }

        return null;
    }
}
