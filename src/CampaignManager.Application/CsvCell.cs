using System.Buffers;

namespace CampaignManager.Application;

/// <summary>
/// A text as a cell of a CSV file that leaves the house. One that a spreadsheet would run as a formula gets an apostrophe in front: whoever
/// names a customer, a code or an arm must not run anything on the desk of whoever opens the file. Plain numbers stay as they are.
/// </summary>
public static class CsvCell
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n;\t");

    public static string Of(string text)
    {
        text = text.Replace("\0", "", StringComparison.Ordinal);
        if (IsFormula(text))
            text = "'" + text;
        return text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>The text of a cell that <see cref="Of"/> has written, once its quotes are off.</summary>
    public static string Text(string cell) => cell is ['\'', .. var text] && IsFormula(text) ? text : cell;

    // Spreadsheets look past blanks, and take the full-width signs of Chinese keyboards as the narrow ones.
    private static bool IsFormula(string text) =>
        text is ['\t' or '\r' or '\n', ..]
        || (text.AsSpan().TrimStart() is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..] && !IsNumber(text));

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        if (text is not ['+' or '-', .. var digits] || digits.IsEmpty)
            return false;
        return digits.Count('.') <= 1 && !digits.ContainsAnyExcept(Digits) && char.IsAsciiDigit(digits[0]);
    }
}
