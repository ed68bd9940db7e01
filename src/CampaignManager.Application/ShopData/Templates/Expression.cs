using System.Globalization;

namespace CampaignManager.Application.ShopData.Templates;

/// <summary>
/// A condition on a row's columns: <c>`Status` = 'paid'</c>, <c>!=</c>, <c>has</c>, <c>starts</c>, <c>in ('a', 'b')</c>, <c>present</c>,
/// <c>missing</c>, <c>&lt; 0</c>,
/// <c>&gt; 0</c>, joined by <c>and</c>, <c>or</c>, <c>not</c> and brackets. It can do nothing but look.
/// </summary>
public abstract record Expression
{
    /// <summary>As it was written.</summary>
    public string Text { get; init; } = "";

    /// <summary>Columns it looks at.</summary>
    public abstract IEnumerable<string> Columns { get; }

    /// <param name="cell">A column's text; null where it is empty or not there.</param>
    public abstract bool Holds(Func<string, string?> cell);

    public static Expression Parse(string text) => new ExpressionParser(text).Parse() with { Text = text };

    internal sealed record Both(Expression Left, Expression Right) : Expression
    {
        public override IEnumerable<string> Columns => Left.Columns.Concat(Right.Columns);

        public override bool Holds(Func<string, string?> cell) => Left.Holds(cell) && Right.Holds(cell);
    }

    internal sealed record Either(Expression Left, Expression Right) : Expression
    {
        public override IEnumerable<string> Columns => Left.Columns.Concat(Right.Columns);

        public override bool Holds(Func<string, string?> cell) => Left.Holds(cell) || Right.Holds(cell);
    }

    internal sealed record Not(Expression Of) : Expression
    {
        public override IEnumerable<string> Columns => Of.Columns;

        public override bool Holds(Func<string, string?> cell) => !Of.Holds(cell);
    }

    internal sealed record Present(string Column) : Expression
    {
        public override IEnumerable<string> Columns => [Column];

        public override bool Holds(Func<string, string?> cell) => cell(Column) is not null;
    }

    internal sealed record OneOf(string Column, IReadOnlyList<string> Words) : Expression
    {
        public override IEnumerable<string> Columns => [Column];

        public override bool Holds(Func<string, string?> cell) =>
            cell(Column) is { } text && Words.Any(w => text.Equals(w, StringComparison.OrdinalIgnoreCase));
    }

    internal sealed record Has(string Column, string Word, bool AtStart) : Expression
    {
        public override IEnumerable<string> Columns => [Column];

        public override bool Holds(Func<string, string?> cell) => cell(Column) is { } text
            && (AtStart ? text.StartsWith(Word, StringComparison.OrdinalIgnoreCase)
                : text.Contains(Word, StringComparison.OrdinalIgnoreCase));
    }

    internal sealed record Compared(string Column, decimal With, bool Less) : Expression
    {
        public override IEnumerable<string> Columns => [Column];

        public override bool Holds(Func<string, string?> cell) =>
            decimal.TryParse(cell(Column), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && (Less ? number < With : number > With);
    }
}
