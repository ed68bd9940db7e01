using System.Buffers;
using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Values;

/// <summary>What became of a cell.</summary>
internal enum CellState
{
    /// <summary>It holds nothing, or a word for it.</summary>
    Missing,

    Read,

    /// <summary>It cannot be read as its column is written.</summary>
    Faulty,

    /// <summary>It has digits beyond the currency's.</summary>
    TooFine,
}

/// <summary>
/// Numbers of one column, exact. Which sign is its decimal mark is judged over all its cells, never cell by cell: <c>1.234</c> is what the
/// others of its column make of it.
/// </summary>
internal sealed class AmountColumn
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("-0123456789.");

    private long withPoint;
    private long withComma;
    private long eitherWay;
    private long eitherByPoint;
    private bool threeDigitsOnly = true;
    private DecimalMark? decided;

    public long Filled { get; private set; }

    public long Faulty { get; private set; }

    public long Repaired { get; private set; }

    /// <summary>Nothing in the column tells which mark it has, and it matters.</summary>
    public bool IsOpen => decided is null && eitherWay > 0 && withPoint == 0 && withComma == 0;

    public DecimalMark Mark => decided ?? (withComma > withPoint ? DecimalMark.Comma : DecimalMark.Point);

    /// <summary>Whether its own cells say which mark it has.</summary>
    public bool IsSure => withPoint + withComma > 0;

    /// <summary>All figures have three digits after their sign, as whole quantities of some systems.</summary>
    public bool ThreeDigitsOnly => threeDigitsOnly;

    public string Format => Mark == DecimalMark.Comma ? "decimal-comma" : "decimal-point";

    /// <summary>A person's answer, or another column's mark.</summary>
    public void Decide(DecimalMark mark) => decided = mark;

    /// <summary>
    /// What its currency makes of an open column: where there is nothing smaller than a yen, three digits behind a sign are thousands; where a dinar has
    /// three, they may be either, and the mark of another column of the file tells.
    /// </summary>
    /// <param name="currencies">All that its amounts may be in.</param>
    /// <param name="elsewhere">Of a column of the file that is sure; null: there is none.</param>
    public void DecideBy(IReadOnlyCollection<Currency> currencies, DecimalMark? elsewhere)
    {
        if (!IsOpen || currencies.Count == 0)
            return;
        if (currencies.All(c => c.FractionDigits == 0))
            decided = 2 * eitherByPoint > eitherWay ? DecimalMark.Comma : DecimalMark.Point;
        else if (currencies.All(c => c.FractionDigits > 2))
            decided = elsewhere;
    }

    public void See(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        Filled++;
        if (CsvNumber.IsMissing(text))
        {
            Repaired++;
            return;
        }

        var (point, comma, plain) = Both(text);
        if (point is null && comma is null)
        {
            Faulty++;
            return;
        }

        Repaired += plain ? 0 : 1;
        if (comma is null)
            withPoint++;
        else if (point is null)
            withComma++;
        else if (point != comma)
            (eitherWay, eitherByPoint) = (eitherWay + 1, eitherByPoint + (Math.Abs(point.Value) < Math.Abs(comma.Value) ? 1 : 0));
        threeDigitsOnly &= point is not null && comma is not null;
    }

    public CellState Read(ReadOnlySpan<char> text, out decimal amount)
    {
        amount = 0;
        if (text.IsEmpty || CsvNumber.IsMissing(text))
            return CellState.Missing;
        var (point, comma, _) = Both(text);
        var read = Mark == DecimalMark.Comma ? comma : point;
        // What can be read in one way only, though not in the column's, is not what it says: 1,234.5 among decimal commas.
        if (read is null)
            return CellState.Faulty;
        amount = read.Value;
        return CellState.Read;
    }

    /// <summary>As minor units of a currency. Dust of binary numbers (30.000000000000004) is none of its digits.</summary>
    public static bool TryToMinor(decimal amount, Currency currency, out long minor) =>
        currency.TryToMinor(amount, out minor)
        || (Math.Abs(amount) < 1e12m && decimal.Round(amount, currency.FractionDigits) is var near && Math.Abs(amount - near) < 0.0000001m
            && currency.TryToMinor(near, out minor));

    private static (decimal? Point, decimal? Comma, bool Plain) Both(ReadOnlySpan<char> text)
    {
        if (text is ['\'', ..])
            text = text[1..];
        // As programs write them, without a look at every rule there is.
        if (text.Length > 18 || text.ContainsAnyExcept(Plain) || text.Count('.') > 1 || text[^1] == '.' || text is ['.', ..]
            or ['-', '.', ..]
            || !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var value))
            return CsvNumber.ReadExact(text);
        var dot = text.IndexOf('.');
        if (dot < 0)
            return (value, value, true);
        var head = text[..dot].TrimStart('-');
        var isEither = text.Length - dot == 4 && head.Length is >= 1 and <= 3 && head[0] != '0';
        return (value, isEither ? value * 1000 : null, true);
    }
}
