using System.Text.Json;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>A JSON object as a row.</summary>
internal sealed class JsonRow : ISourceRow
{
    private readonly JsonElement root;

    public JsonRow(JsonElement root, long number) => (this.root, Number) = (root, number);

    public JsonRow((string Reason, string? Detail) fault, long number) => (Fault, Number) = (fault, number);

    public long Number { get; }

    public (string Reason, string? Detail)? Fault { get; }

    public string? this[string column] => Fault is null ? JsonPath.TextAt(root, column) : null;

    public IEnumerable<KeyValuePair<string, string>> Filled => Fault is not null ? [] :
        from leaf in JsonPath.Leaves(root, "", shape: false)
        let text = JsonPath.Text(leaf.Value)
        where text is not null
        select new KeyValuePair<string, string>(leaf.Key, text);

    public IEnumerable<ISourceRow> Items(string path) => Fault is null ? ItemsOf(root, path, Number) : [];

    /// <param name="root">What holds them.</param>
    /// <param name="path">Where; null: the root itself is the array.</param>
    /// <param name="number">Of the row they are part of.</param>
    public static IEnumerable<ISourceRow> ItemsOf(JsonElement root, string? path, long number)
    {
        if ((path is null ? root : JsonPath.Find(root, path)) is not { } found)
            return [];
        // Some exporters write an array as text within the JSON.
        if (found.ValueKind == JsonValueKind.String && found.GetString()!.TrimStart() is ['[', ..] text && Parsed(text) is { } inner)
            found = inner;
        return found.ValueKind switch
        {
            JsonValueKind.Array =>
                found.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object)
                    .Select(e => new JsonRow(JsonPath.Unwrapped(e), number)),
            JsonValueKind.Object => [new JsonRow(found, number)],
            _ => [],
        };
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, JsonPath.Limits);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
