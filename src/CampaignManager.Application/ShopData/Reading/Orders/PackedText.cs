using System.Text.Encodings.Web;
using System.Text.Json;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>Cuts the things inside a cell apart. Names hold the same signs as the packing, so only the known keys cut.</summary>
internal sealed class PackedText(PackedItems items)
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CellMap map = new(items.Keys.Count > 0 ? items.Keys : ["name", "quantity"]);

    public CellMap Map => map;

    /// <summary>The columns of a file that hold them, in order.</summary>
    public IReadOnlyList<string> ColumnsOf(CellMap file) => [.. file.Columns.Where(Holds)];

    public bool Holds(string column) => items.Columns.Any(p => TemplateFit.IsNumbered(p, column));

    public IEnumerable<string?[]> Of(string cell) =>
        cell is ['[', ..] && Listed(cell) is { } listed ? listed : items.Keys.Count > 0 ? ByKeys(cell) : ByQuantity(cell);

    /// <summary>A list of JSON with what is looked at alone; null where there is none.</summary>
    public string? Compact(IEnumerable<ISourceRow> list)
    {
        var kept = list.Select(item => items.Keys.Select(k => (Key: k, Text: item[k])).Where(k => k.Text is not null)
            .ToDictionary(k => k.Key, k => k.Text!)).ToList();
        return kept.Count == 0 ? null : JsonSerializer.Serialize(kept, Written);
    }

    private List<string?[]>? Listed(string cell)
    {
        try
        {
            using var document = JsonDocument.Parse(cell, JsonPath.Limits);
            return [.. JsonRow.ItemsOf(document.RootElement, null, 0).Select(item => items.Keys.Select(k => item[k]).ToArray())];
        }
        catch (JsonException)
        {
            // A name that begins with a bracket.
            return null;
        }
    }

    /// <summary>The values under one key.</summary>
    public static IEnumerable<string> Inside(string cell, string key)
    {
        for (var at = Find(cell, key, 0); at >= 0; at = Find(cell, key, at))
        {
            at += key.Length + 1;
            var end = cell.AsSpan(at).IndexOfAny('|', ';');
            var value = end < 0 ? cell[at..] : cell[at..(at + end)];
            if (value.Trim().Length > 0)
                yield return value.Trim();
        }
    }

    private List<string?[]> ByKeys(string cell)
    {
        var found = new List<string?[]>();
        string?[]? item = null;
        var marks = Marks(cell);
        for (var i = 0; i < marks.Count; i++)
        {
            var (at, key) = marks[i];
            // A key that comes again begins the next.
            if (item is null || (key == 0 && item[0] is not null) || item[key] is not null)
                found.Add(item = new string?[items.Keys.Count]);
            var from = at + items.Keys[key].Length + 1;
            var to = i + 1 < marks.Count ? marks[i + 1].At - 1 : cell.Length;
            var value = cell[from..Math.Max(from, to)].Trim().TrimEnd(';').Trim();
            item[key] = value.Length > 0 ? value : null;
        }

        return found;
    }

    private List<(int At, int Key)> Marks(string cell)
    {
        var marks = new List<(int At, int Key)>();
        for (var key = 0; key < items.Keys.Count; key++)
        {
            for (var at = Find(cell, items.Keys[key], 0); at >= 0; at = Find(cell, items.Keys[key], at + 1))
                marks.Add((at, key));
        }

        marks.Sort();
        return marks;
    }

    // At the start or after a sign that parts things.
    private static int Find(string cell, string key, int from)
    {
        while (from <= cell.Length && cell.IndexOf(key + ":", from, StringComparison.Ordinal) is >= 0 and var at)
        {
            if (at == 0 || cell[at - 1] is '|' or ';' or '\n')
                return at;
            from = at + 1;
        }

        return -1;
    }

    private IEnumerable<string?[]> ByQuantity(string cell)
    {
        foreach (var part in items.Between is { } between
            ? cell.Split(between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [cell])
        {
            var cut = items.Quantity is { } sign ? part.LastIndexOf(sign, StringComparison.Ordinal) : -1;
            yield return cut < 0 ? [part, "1"] : [part[..cut].Trim(), part[(cut + items.Quantity!.Length)..].Trim()];
        }
    }
}
