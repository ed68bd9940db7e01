using System.Text.Json;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>Where a column or a path of a table is: a cell, or a place within the JSON that a cell holds.</summary>
internal sealed class CellPlaces(IReadOnlyList<string> columns)
{
    private readonly Dictionary<string, (int Cell, string? Path)> places = columns
        .Select((name, i) => (name, i)).ToDictionary(c => c.name, c => (c.i, (string?)null), StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Columns => columns;

    public (int Cell, string? Path) Of(string column)
    {
        if (places.TryGetValue(column, out var place))
            return place;
        place = (-1, null);
        if (column.IndexOf("[]", StringComparison.Ordinal) is > 0 and var every
            && places.TryGetValue(column[..every], out var list) && list is { Cell: >= 0, Path: null })
            return places[column] = (list.Cell, column[every..]);
        // The longest column that the path begins with.
        for (var dot = column.LastIndexOf('.'); dot > 0; dot = column.LastIndexOf('.', dot - 1))
        {
            if (places.TryGetValue(column[..dot], out var holder) && holder is { Cell: >= 0, Path: null })
            {
                place = (holder.Cell, column[(dot + 1)..]);
                break;
            }
        }

        return places[column] = place;
    }
}

/// <summary>A row of cells, any of which may hold JSON.</summary>
internal abstract class CellRow(CellPlaces places) : ISourceRow
{
    private readonly Dictionary<int, JsonDocument?> read = [];

    public long Number { get; protected set; } = -1;

    public (string Reason, string? Detail)? Fault { get; protected set; }

    public string? this[string column] => Fault is not null ? null : places.Of(column) switch
    {
        ( < 0, _) => null,
        (var cell, null) => Cell(cell),
        (var cell, { } path) => Json(cell) is { } json ? JsonPath.TextAt(json.RootElement, path) : null,
    };

    public IEnumerable<KeyValuePair<string, string>> Filled
    {
        get
        {
            for (var i = 0; Fault is null && i < places.Columns.Count; i++)
            {
                if (Cell(i) is { } text)
                    yield return new(places.Columns[i], text);
            }
        }
    }

    public IEnumerable<ISourceRow> Items(string path) =>
        Fault is null && places.Of(path) is ( >= 0 and var cell, var within) && Json(cell) is { } json
        ? JsonRow.ItemsOf(json.RootElement, within, Number) : [];

    /// <summary>The trimmed text; null for none.</summary>
    protected abstract string? Cell(int column);

    /// <summary>Another row comes: what was read of this one goes.</summary>
    protected void Forget()
    {
        foreach (var document in read.Values)
            document?.Dispose();
        read.Clear();
    }

    private JsonDocument? Json(int cell)
    {
        if (read.TryGetValue(cell, out var known))
            return known;
        JsonDocument? document = null;
        if (Cell(cell) is ['{' or '[', ..] text)
        {
            try
            {
                document = JsonDocument.Parse(text, JsonPath.Limits);
            }
            catch (JsonException)
            {
                // Text that only begins like JSON says nothing under a path.
            }
        }

        return read[cell] = document;
    }
}
