using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.Imports;

/// <summary>Which sign parts a number's whole from its fraction.</summary>
public enum DecimalMark
{
    Point,
    Comma,
}

/// <summary>What a cell says as a number under either decimal mark; NaN where it says none.</summary>
/// <param name="Plain">Written as programs write numbers: nothing had to be taken off or put right to read it with a point.</param>
internal readonly record struct NumberReading(double Point, double Comma, bool Plain)
{
    public bool IsNumber => !double.IsNaN(Point) || !double.IsNaN(Comma);

    /// <summary>1.234 or 1,234: one and a bit, or a thousand and more.</summary>
    public bool IsAmbiguous => !double.IsNaN(Point) && !double.IsNaN(Comma) && Point != Comma;

    /// <summary>Only a decimal point makes it a number.</summary>
    public bool NeedsPoint => !double.IsNaN(Point) && double.IsNaN(Comma);

    /// <summary>Only a decimal comma does.</summary>
    public bool NeedsComma => double.IsNaN(Point) && !double.IsNaN(Comma);

    /// <summary>The number; where it can be read in two ways, the one of the column's mark.</summary>
    public double Under(DecimalMark mark) => mark == DecimalMark.Comma ? (double.IsNaN(Comma) ? Point : Comma) : (double.IsNaN(Point) ? Comma : Point);
}

/// <summary>
/// Numbers as people and spreadsheets write them: with a currency before or after, thousands parted by comma, point, blanks of any kind or
/// apostrophes, in brackets for less than nothing, in per cent. Which of two readings holds is not judged here but by the whole column
/// (<see cref="ColumnFormats"/>).
/// </summary>
internal static partial class CsvNumber
{
    private const int Longest = 60;

    private static readonly NumberReading None = new(double.NaN, double.NaN, false);

    private static readonly HashSet<string> Nothing = new(StringComparer.OrdinalIgnoreCase)
    {
        "-", "?", ".", "–", "—", "--", "---", "..", "...", "na", "n/a", "n.a.", "n. a.", "k.a.", "nan", "-nan", "null", "(null)", "none", "nil",
        "nat", "<na>", "<null>", "(blank)", "(empty)", "\\N", "1.#QNAN", "-1.#IND", "#N/A N/A", "缺失",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NothingSpans = Nothing.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Words = ["元", "円", "圆", "원", "RMB", "kr.", "kr", "zł", "Kč", "Ft", "Fr.", "лв", "руб."];

    /// <summary>Nothing, a word for it, or what a spreadsheet shows in place of a value that it could not work out.</summary>
    public static bool IsMissing(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text.Length <= 9 && NothingSpans.Contains(text)) || (text[0] == '#' && IsSheetError(text));

    /// <summary>What a cell says.</summary>
    public static NumberReading Read(ReadOnlySpan<char> text)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value))
        {
            if (!double.IsFinite(value))
                return None;
            var dot = text.IndexOf('.');
            if (dot < 0)
                return new NumberReading(value, value, true);
            // 1.234 and the like alone can also be a thousand and more.
            var head = text[..dot].TrimStart("+-");
            var isEither = text.Length - dot == 4 && head.Length is >= 1 and <= 3 && head[0] is >= '1' and <= '9'
                && !text[(dot + 1)..].ContainsAnyExceptInRange('0', '9');
            return new NumberReading(value, isEither ? Math.Round(value * 1000) : double.NaN, true);
        }

        // Nothing longer than this is a number that a person wrote.
        if (text.Length is 0 or > Longest || !HasDigit(text) || Bare(text) is not var (body, negative, percent) || body.Length == 0)
            return None;
        var scale = (negative ? -1 : 1) * (percent ? 0.01 : 1);
        return new NumberReading(Parse(body, PointForm(), '.') * scale, Parse(body, CommaForm(), ',') * scale, false);
    }

    /// <summary>What programs write where a number ran over: no number, and no text either.</summary>
    public static bool IsInfinite(ReadOnlySpan<char> text)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var bare = text.TrimStart("+-−");
        return bare is "∞" || bare.Equals("inf", StringComparison.OrdinalIgnoreCase) || bare.Equals("infinity", StringComparison.OrdinalIgnoreCase)
            || bare is "1.#INF" || (double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value) && double.IsInfinity(value));
    }

    // #N/A, #DIV/0!, #WERT!, #NAME?, #NV, ####: in every language they begin with the sign and hold no blank but in Excel's own long ones.
    private static bool IsSheetError(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > 24)
            return false;
        var rest = text[1..];
        if (!rest.ContainsAnyExcept('#'))
            return true;
        if (rest is "N/A" or "NV" or "N/D" or "N/DISP" or "N/V" or "NA" or "I/T" or "GETTING_DATA")
            return true;
        if (rest[^1] is not ('!' or '?'))
            return false;
        foreach (var letter in rest[..^1])
        {
            if (!char.IsUpper(letter) && letter is not ('/' or '0' or '_' or '.' or '¡' or '¿'))
                return false;
        }

        return rest.Length > 1;
    }

    private static bool HasDigit(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is (>= '0' and <= '9') or (>= '０' and <= '９'))
                return true;
        }

        return false;
    }

    /// <summary>The digits with what parts them, in plain letters; null when there is more to it than a number.</summary>
    private static (string Body, bool Negative, bool Percent)? Bare(ReadOnlySpan<char> text)
    {
        var plain = Plain(text).Trim();
        var (negative, percent, currency) = (false, false, false);
        if (plain is ['(', .., ')'])
            (plain, negative) = (plain[1..^1].Trim(), true);
        for (var before = ""; before != plain;)
        {
            before = plain;
            if (plain.Length > 1 && plain[0] is '-' or '+')
            {
                if (negative)
                    return null;
                (negative, plain) = (plain[0] == '-', plain[1..].TrimStart());
            }
            else if (plain.Length > 1 && plain[^1] == '-' && !negative)
            {
                (negative, plain) = (true, plain[..^1].TrimEnd());
            }
            else if (plain.Length > 1 && plain[^1] == '%' && !percent)
            {
                (percent, plain) = (true, plain[..^1].TrimEnd());
            }
            else if (!currency && WithoutCurrency(plain) is { } amount)
            {
                (currency, plain) = (true, amount);
            }
        }

        return (plain, negative, percent);
    }

    private static string Plain(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is >= '\uFF01' and <= '\uFF5E')
                plain.Append((char)(c - 0xFEE0));
            else if (c is '\u200B' or '\u2060' or '\uFEFF' or '\u200E' or '\u200F')
                continue;
            else if (char.IsWhiteSpace(c))
                plain.Append(' ');
            else
                plain.Append(c switch { '−' or '–' or '‐' or '﹣' => '-', '’' or '‘' or 'ʼ' or '´' or '`' or '′' => '\'', '٪' => '%', _ => c });
        }

        return plain.ToString();
    }

    /// <summary>What is left without a currency at one end; null when none is there.</summary>
    private static string? WithoutCurrency(string text)
    {
        var letters = 0;
        while (letters < text.Length && text[letters] is >= 'A' and <= 'Z')
            letters++;
        // US$ 5, HK$5, and signs alone.
        if (letters <= 3 && letters < text.Length && IsSign(text[letters]))
            return text[(letters + 1)..].TrimStart();
        if (IsSign(text[^1]))
            return text[..^1].TrimEnd();
        foreach (var word in Words)
        {
            if (text.StartsWith(word, StringComparison.Ordinal))
                return text[word.Length..].TrimStart();
            if (text.EndsWith(word, StringComparison.Ordinal))
                return text[..^word.Length].TrimEnd();
        }

        if (letters == 3 && text.Length > 3 && Currency.TryGet(text[..3], out _))
            return text[3..].TrimStart();
        return text.Length > 3 && char.IsAsciiLetterUpper(text[^3]) && Currency.TryGet(text[^3..], out _) ? text[..^3].TrimEnd() : null;
    }

    private static bool IsSign(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;

    /// <summary>What a cell says as an exact amount under either decimal mark; null where it says none.</summary>
    /// <returns>Whether nothing had to be taken off to read it with a point is <c>Plain</c>.</returns>
    public static (decimal? Point, decimal? Comma, bool Plain) ReadExact(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > Longest || !HasDigit(text) || Bare(text) is not var (body, negative, percent) || body.Length == 0)
            return (null, null, false);
        var scale = (negative ? -1m : 1m) * (percent ? 0.01m : 1m);
        var isPlain = body.Length == text.Trim().Length - (negative ? 1 : 0);
        return (Exact(body, PointForm(), '.') * scale, Exact(body, CommaForm(), ',') * scale, isPlain);
    }

    private static decimal? Exact(string body, Regex form, char mark)
    {
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return decimal.TryParse(Spelled(body, form, mark), Styles, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static double Parse(string body, Regex form, char mark)
    {
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(Spelled(body, form, mark), Styles, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN;
    }

    /// <summary>The digits as programs write them; null when they do not stand as they should.</summary>
    private static string? Spelled(string body, Regex form, char mark)
    {
        if (!form.IsMatch(body))
            return null;
        var digits = new StringBuilder(body.Length);
        foreach (var c in body)
        {
            if (c == mark)
                digits.Append('.');
            else if (char.IsAsciiDigit(c) || c is 'e' or 'E' or '+' or '-')
                digits.Append(c);
        }

        return digits.ToString();
    }

    // One sign parts all thousands; in India hundreds beyond the first.
    [GeneratedRegex(
        @"^(?=[.]?\d)(?:\d+|[1-9]\d{0,2}(?:(?<s>[, '])\d{3})(?:\k<s>\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3})?(?:\.\d*)?(?:[eE][+-]?\d+)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex PointForm();

    [GeneratedRegex(@"^(?=,?\d)(?:\d+|[1-9]\d{0,2}(?:(?<s>[. '])\d{3})(?:\k<s>\d{3})*)?(?:,\d+)?(?:[eE][+-]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex CommaForm();
}
