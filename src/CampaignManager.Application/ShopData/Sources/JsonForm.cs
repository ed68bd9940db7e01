using System.Text;
using System.Text.Json;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>How the objects of a JSON file are put together.</summary>
/// <param name="Encoding">Of its text.</param>
/// <param name="Lines">One object a line.</param>
/// <param name="Depth">Otherwise: how many brackets are open where a row begins. 0: one after another, 1: an array, 2: an array under a
/// name.</param>
/// <param name="Under">The name of that array.</param>
internal sealed record JsonForm(Encoding Encoding, bool Lines, int Depth = 0, string? Under = null)
{
    // Names under which answers of APIs hold their rows; any other must come first.
    private static readonly HashSet<string> Wrappers = new(StringComparer.OrdinalIgnoreCase)
        { "data", "results", "rows", "records", "orders", "customers", "events" };

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
            return new JsonForm(encoding, false, 2, under);
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

    /// <summary>The name of the first array of objects within an object that is there for holding it.</summary>
    private static string? Wrapper(string text)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(text), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = JsonPath.Deepest }));
        try
        {
            for (var properties = 0; reader.Read();)
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                var name = reader.GetString()!;
                var first = properties++ == 0;
                if (!reader.Read())
                    return null;
                if (reader.TokenType == JsonTokenType.StartArray && (first || Wrappers.Contains(name)) && reader.Read()
                    && reader.TokenType == JsonTokenType.StartObject)
                    return name;
            }
        }
        catch (JsonException)
        {
            // Broken further on: no reason to take it for anything else.
        }

        return null;
    }
}
