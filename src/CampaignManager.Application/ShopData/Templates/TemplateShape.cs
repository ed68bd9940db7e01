namespace CampaignManager.Application.ShopData.Templates;

/// <summary>How orders lie in their rows.</summary>
public enum ShapeType
{
    /// <summary>What is said of the order stands on its first row only.</summary>
    FirstRow,

    /// <summary>It stands on every row.</summary>
    Repeated,

    /// <summary>A row is an order, and its lines are packed into cells.</summary>
    Packed,

    /// <summary>Orders and lines are files of their own.</summary>
    TwoFiles,

    /// <summary>A row is an order, and no goods are named.</summary>
    NoLines,

    /// <summary>JSON with arrays inside.</summary>
    Nested,

    /// <summary>A row is a thing of its own: customers, products, events.</summary>
    Rows,
}

public sealed record TemplateShape
{
    public ShapeType Type { get; init; } = ShapeType.Rows;

    /// <summary><c>first-row</c>: where one of these is filled a new order starts; the first that the file has counts.</summary>
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary><c>first-row</c>: columns that say on every row whose it is.</summary>
    public IReadOnlyList<string> Carry { get; init; } = [];

    /// <summary><c>packed</c>: the cells that hold lines.</summary>
    public PackedItems? Items { get; init; }

    /// <summary><c>two-files</c>: the other files.</summary>
    public IReadOnlyList<TemplateSideFile> Files { get; init; } = [];

    /// <summary><c>nested</c>: the path of the array with the lines.</summary>
    public string? Path => Paths.Count > 0 ? Paths[0] : null;

    /// <summary><c>nested</c>: where that array may lie; the first that holds something counts.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary><c>nested</c>: the array whose every element is a row of its own (the actions of a visit); null: a row is one.</summary>
    public string? Unfold { get; init; }
}

/// <summary>Lines inside cells.</summary>
/// <param name="Columns">Their names; <c>*</c> stands for a number.</param>
public sealed record PackedItems(IReadOnlyList<string> Columns)
{
    /// <summary>What parts one line from the next within a cell; null: a cell is one line.</summary>
    public string? Between { get; init; }

    /// <summary>The keys of <c>key:value|key:value</c>: cut by these alone, as names hold the signs too.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Where there are no keys: what stands between goods and their quantity (<c>×</c>).</summary>
    public string? Quantity { get; init; }
}

/// <summary>A file beside the one of the orders.</summary>
/// <param name="Name">What its columns are called by in the template: <c>lines</c> are its lines, others are looked up.</param>
/// <param name="Header">Columns by which it is known.</param>
/// <param name="Key">Its column that says which order or thing it is of.</param>
/// <param name="Of">The column of the orders' file (or of the lines' file) with the same value.</param>
public sealed record TemplateSideFile(string Name, IReadOnlyList<string> Header, string Key, string Of)
{
    /// <summary>Whether an import can go without it.</summary>
    public bool Optional { get; init; }
}
