namespace CampaignManager.Application.ShopData.Templates;

/// <summary>What becomes of a column's text.</summary>
public enum Treatment
{
    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>It names a person: only its pseudonym goes on.</summary>
    Pseudonym,
}

/// <summary>Which of two things a figure is.</summary>
public enum Means
{
    /// <summary>Tried both ways; the one that gives the orders' totals holds.</summary>
    Reconcile,

    /// <summary>A piece's price; of tax: on top of prices.</summary>
    Unit,

    /// <summary>A line's price; of tax: within prices.</summary>
    Line,
}

/// <summary>What one target is taken from.</summary>
/// <param name="Columns">The first that is filled; columns of a table, paths of JSON.</param>
public sealed record TemplateField(IReadOnlyList<string> Columns)
{
    /// <summary>The same for every row, where no column says it.</summary>
    public string? Value { get; init; }

    /// <summary>.NET patterns of times, tried in order; none: judged from the column.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>Of times without an offset in these columns; null: the template's.</summary>
    public string? Zone { get; init; }

    public Treatment Treat { get; init; }

    /// <summary>Which kind of id names the person: <c>email</c> or <c>phone</c>.</summary>
    public string? As { get; init; }

    public Means? Means { get; init; }

    /// <summary>A discount of the order that holds those of its lines.</summary>
    public bool IncludesLineDiscounts { get; init; }

    /// <summary>A price that is already less the discount of its line.</summary>
    public bool AfterDiscount { get; init; }

    /// <summary>A share in per cent, not an amount.</summary>
    public bool Percent { get; init; }

    /// <summary>Several columns are added up, not taken in turn.</summary>
    public bool Sum { get; init; }

    /// <summary>Columns whose amounts come off what the others give.</summary>
    public IReadOnlyList<string> Less { get; init; } = [];

    /// <summary>The key under which it stands inside a packed cell (<c>code:spring|amount:3.00</c>).</summary>
    public string? Inside { get; init; }

    /// <summary>Text that says there is nothing: <c>0</c> for a guest.</summary>
    public IReadOnlyList<string> Nothing { get; init; } = [];

    /// <summary>What the column's words stand for.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>The first rule that holds says what it is.</summary>
    public IReadOnlyList<TemplateRule> Rules { get; init; } = [];

    /// <summary>What it is when no rule holds.</summary>
    public string? Else { get; init; }
}

/// <param name="If">When it holds.</param>
/// <param name="Is">What it makes of the target.</param>
public sealed record TemplateRule(Expression If, string Is);
