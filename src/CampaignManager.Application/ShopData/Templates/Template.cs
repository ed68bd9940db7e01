namespace CampaignManager.Application.ShopData.Templates;

/// <summary>
/// How the files of one source are read, as data: a person can save, edit and export it. What it says stands in <c>TemplateJson</c>'s
/// format; blocks hold what each target
/// (<c>order.at</c>, <c>line.price</c>) is taken from.
/// </summary>
public sealed record Template
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The system the files come from: templates of several kinds share it (<c>shopify</c>).</summary>
    public required string Source { get; init; }

    public int Version { get; init; } = 1;

    /// <summary><see cref="TemplateKinds"/>.</summary>
    public required string Kind { get; init; }

    public TemplateHeader Recognise { get; init; } = new();

    public TemplateFile File { get; init; } = new();

    public TemplateShape Shape { get; init; } = new();

    /// <summary>IANA zone of times without an offset; <c>home</c>: that of the currency's country, where it has one; null: asked.</summary>
    public string? Zone { get; init; }

    /// <summary>Of amounts, where no column says it; null: asked.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether prices hold the tax.</summary>
    public Means TaxIncluded { get; init; } = Means.Reconcile;

    /// <summary>
    /// By name: <c>order</c>, <c>line</c>, <c>refund</c>, <c>customer</c>, <c>product</c>, <c>event</c>, <c>campaign</c>,
    /// <c>exposure</c>.
    /// </summary>
    public IReadOnlyDictionary<string, TemplateBlock> Blocks { get; init; } = new Dictionary<string, TemplateBlock>();

    /// <summary>Columns that never leave the reader, not even in rejects.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Further columns that are kept, by the name they are kept under.</summary>
    public IReadOnlyDictionary<string, TemplateField> Keep { get; init; } = new Dictionary<string, TemplateField>();

    /// <summary>Columns whose amounts are added up in the report, as <c>&lt;column&gt;_minor</c>.</summary>
    public IReadOnlyList<string> Sums { get; init; } = [];

    /// <summary>Figures that count the rows for which a condition holds, by their name.</summary>
    public IReadOnlyDictionary<string, Expression> Counts { get; init; } = new Dictionary<string, Expression>();

    /// <summary>What this source calls figures that others call otherwise, by the usual name.</summary>
    public IReadOnlyDictionary<string, string> FigureNames { get; init; } = new Dictionary<string, string>();

    /// <summary>In words, what must add up.</summary>
    public string? Reconcile { get; init; }

    public TemplateBlock Block(string name) => Blocks.GetValueOrDefault(name, TemplateBlock.None);

    /// <summary>What a target is taken from; null where the template does not name it.</summary>
    public TemplateField? Field(string block, string target) => Block(block).Fields.GetValueOrDefault(target);
}

/// <summary>The kinds of import that a template can be of.</summary>
public static class TemplateKinds
{
    public const string Orders = "orders";
    public const string Customers = "customers";
    public const string Products = "products";
    public const string Events = "events";
    public const string Campaigns = "campaigns";
    public const string Exposures = "exposures";

    public static readonly IReadOnlyList<string> All = [Orders, Customers, Products, Events, Campaigns, Exposures];
}

/// <summary>How files of this template are known.</summary>
/// <param name="Header">Columns that must all be there; <c>a|b</c>: one of them.</param>
/// <param name="Not">Columns that another template's files have and these have not.</param>
public sealed record TemplateHeader(IReadOnlyList<string> Header, IReadOnlyList<string> Not)
{
    public TemplateHeader()
        : this([], [])
    {
    }
}

/// <param name="Encoding">As a mapping names it; null finds it out.</param>
/// <param name="Delimiter">Null finds it out.</param>
/// <param name="SkipRepeatedHeader">A row that says the column names again is skipped and counted; else it is a reject.</param>
/// <param name="Columns">Names of the columns of a file that has no header row.</param>
public sealed record TemplateFile(string? Encoding = null, char? Delimiter = null, bool SkipRepeatedHeader = true)
{
    public IReadOnlyList<string> Columns { get; init; } = [];
}

/// <summary>What some rows, or all of them, say of one thing.</summary>
/// <param name="Fields">By target.</param>
public sealed record TemplateBlock(IReadOnlyDictionary<string, TemplateField> Fields)
{
    public static readonly TemplateBlock None = new(new Dictionary<string, TemplateField>());

    /// <summary>Which rows are of this block; null: all.</summary>
    public Expression? When { get; init; }

    /// <summary>Cells that hold several of it; the fields then name their keys.</summary>
    public PackedItems? Items { get; init; }

    /// <summary>A row is one piece: equal ones of an order are one line.</summary>
    public bool OneRowAPiece { get; init; }
}
