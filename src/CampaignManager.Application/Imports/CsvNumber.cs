using System.Globalization;
using System.Text.RegularExpressions;

namespace CampaignManager.Application.Imports;

/// <summary>
/// Numbers as people write them. The plain form is the invariant one; a currency sign, thousands separators and, where the comma
/// does not separate columns, a decimal comma are understood and reported as repaired. What could be read in two ways is no number.
/// </summary>
internal static partial class CsvNumber
{
    private const string Signs = "$€£¥￥ \u00A0";

    public static bool IsMissing(ReadOnlySpan<char> text) => text.Length switch
    {
        0 => true,
        1 => text[0] is '-' or '?',
        2 => text.Equals("na", StringComparison.OrdinalIgnoreCase),
        3 => text.Equals("n/a", StringComparison.OrdinalIgnoreCase) || text.Equals("nan", StringComparison.OrdinalIgnoreCase),
        4 => text.Equals("null", StringComparison.OrdinalIgnoreCase) || text.Equals("none", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    public static bool TryParse(ReadOnlySpan<char> text, char delimiter, out double value, out bool repaired)
    {
        repaired = false;
        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
            return double.IsFinite(value);
        // Nothing longer than this is a number that a person wrote.
        if (text.Length is 0 or > 40 || text.IndexOfAnyInRange('0', '9') < 0)
            return false;
        repaired = true;
        var plain = Bare(text);
        if (delimiter != ',' && Ambiguous().IsMatch(plain))
            return false;
        if (Thousands().IsMatch(plain))
            plain = plain.Replace(",", "", StringComparison.Ordinal);
        else if (delimiter != ',' && DecimalComma().IsMatch(plain))
            plain = plain.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
        return double.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    /// <summary>What programs write where a number ran over: no number, and no text either.</summary>
    public static bool IsInfinite(ReadOnlySpan<char> text)
    {
        var bare = text.TrimStart("+-−");
        return bare is "∞" || bare.Equals("inf", StringComparison.OrdinalIgnoreCase) || bare.Equals("infinity", StringComparison.OrdinalIgnoreCase)
            || (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsInfinity(value));
    }

    private static string Bare(ReadOnlySpan<char> text)
    {
        var negative = text[0] is '-' or '−';
        if (negative)
            text = text[1..];
        var bare = text.Trim(Signs).ToString();
        return negative ? "-" + bare : bare;
    }

    [GeneratedRegex(@"^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    // 1,234 in a file with decimal commas: one and a bit, or a thousand?
    [GeneratedRegex(@"^-?[1-9]\d{0,2},\d{3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Ambiguous();

    [GeneratedRegex(@"^-?(\d+|\d{1,3}(\.\d{3})+),\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();
}
