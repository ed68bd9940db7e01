using CampaignManager.Application.ShopData.Sources;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>The columns of a file that a template looks at, and where their cells lie in a row of them.</summary>
internal sealed class CellMap
{
    private readonly Dictionary<string, int> places;

    private readonly PackedText?[] listed;

    public CellMap(params IEnumerable<string> columns)
        : this([.. columns], [])
    {
    }

    /// <param name="columns">Their names, or paths within JSON.</param>
    /// <param name="packings">Of those that may hold lists: of each element only what is looked at is kept.</param>
    public CellMap(IReadOnlyList<string> columns, IReadOnlyList<PackedText> packings)
    {
        Columns = columns;
        listed = [.. columns.Select(c => packings.FirstOrDefault(p => p.Holds(c)))];
        places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Columns.Count; i++)
            places.TryAdd(Columns[i], i);
    }

    public IReadOnlyList<string> Columns { get; }

    public int Place(string column) => places.GetValueOrDefault(column, -1);

    public string?[] Take(ISourceRow row)
    {
        var cells = new string?[Columns.Count];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = listed[i] is { } list && list.Compact(row.Items(Columns[i])) is { } text ? text : row[Columns[i]];
        return cells;
    }
}

/// <summary>A row as far as the template looks at it.</summary>
/// <param name="File">0-based among the files.</param>
/// <param name="Row">0-based data row.</param>
internal sealed record FileRow(int File, long Row, CellMap Map, string?[] Cells)
{
    /// <summary>Rows of one order that follow each other have the same number.</summary>
    public long Run { get; init; }

    /// <summary>The header came again before it: another export begins here.</summary>
    public bool BeginsPage { get; init; }

    public string? this[string column] => Map.Place(column) is >= 0 and var place ? Cells[place] : null;

    public bool IsHeader
    {
        get
        {
            var same = 0;
            for (var i = 0; i < Cells.Length; i++)
            {
                if (Cells[i] is not { } text)
                    continue;
                if (!text.Equals(Map.Columns[i], StringComparison.OrdinalIgnoreCase))
                    return false;
                same++;
            }

            return same > 1;
        }
    }

    /// <summary>Of all its cells, the same for equal rows.</summary>
    public ulong Hash
    {
        get
        {
            var hash = 17UL;
            foreach (var cell in Cells)
                hash = (hash * 31) + (cell is null ? 1 : TextHash.Of(cell));
            return hash;
        }
    }

    public bool SaysTheSameAs(FileRow other) => Cells.AsSpan().SequenceEqual(other.Cells);
}

/// <summary>Everything the files say of one order.</summary>
/// <param name="Key">Its id, as the files have it.</param>
internal sealed record RawOrder(string Key)
{
    /// <summary>Rows that speak of the order; the first that fills a column counts.</summary>
    public List<FileRow> Heads { get; init; } = [];

    public List<FileRow> Lines { get; init; } = [];

    /// <summary>Rows of other files that are looked up by it.</summary>
    public List<FileRow> Beside { get; } = [];

    /// <summary>What is looked up by a line.</summary>
    public Func<FileRow, string, string?>? BesideLines { get; set; }

    public string? OfLine(FileRow line, string column) => line[column] ?? BesideLines?.Invoke(line, column);

    public string? this[string column]
    {
        get
        {
            CellMap? map = null;
            var place = -1;
            foreach (var head in Heads)
            {
                if (!ReferenceEquals(map, head.Map))
                    (map, place) = (head.Map, head.Map.Place(column));
                if (place >= 0 && head.Cells[place] is { } text)
                    return text;
            }

            foreach (var row in Beside)
            {
                if (row[column] is { } text)
                    return text;
            }

            return null;
        }
    }
}
