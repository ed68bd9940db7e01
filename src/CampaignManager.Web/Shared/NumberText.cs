using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CampaignManager.Web.Shared;

/// <summary>Numbers as people type and paste them: with the currency's sign, a percent sign, spaces or apostrophes between thousands,
/// full-width digits, the comma or the point as the decimal sign.</summary>
public static partial class NumberText
{
    /// <summary>The number, or null when the text is none.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="whole">Whether only whole numbers are meant.</param>
    public static decimal? Read(string? text, bool whole = false)
    {
        // The compatibility form has full-width digits, signs and spaces as the usual ones.
        var plain = string.Concat((text ?? "").Normalize(NormalizationForm.FormKC).Where(c => !Ornament(c))).Replace('−', '-');
        if (Body().Match(plain) is not { Success: true } body)
            return null;
        var (digits, sign) = (body.Groups["digits"].Value, body.Groups["sign"].Value);
        return Plain(digits) is { } number
            && decimal.TryParse(sign + number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && (!whole || value == decimal.Truncate(value))
            ? value
            : null;
    }

    /// <summary>As a field shows it: by the reader's language, without signs between thousands.</summary>
    public static string Write(decimal value) => value.ToString("0.############", CultureInfo.CurrentCulture);

    private static bool Ornament(char c) =>
        char.IsWhiteSpace(c) || c is '\'' or '’' or '元' or '円' || char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;

    /// <summary>Without signs between thousands and with the point as the decimal sign; null where the signs make no number.</summary>
    private static string? Plain(string digits)
    {
        var (points, commas) = (digits.Count(c => c == '.'), digits.Count(c => c == ','));
        if (points > 0 && commas > 0)
        {
            // What comes last is the decimal sign: 1,234.5 and 1.234,5.
            var last = digits.LastIndexOfAny(['.', ',']);
            var (head, tail) = (digits[..last], digits[(last + 1)..]);
            return head.Contains(digits[last]) ? null : Grouped(head) is { } joined ? $"{joined}.{tail}" : null;
        }

        return (points, commas) switch
        {
            (0, 0) or (1, 0) => digits,
            (0, 1) => Grouped(digits) ?? digits.Replace(',', '.'),
            _ => Grouped(digits),
        };
    }

    private static string? Grouped(string digits) => Thousands().IsMatch(digits) ? digits.Replace(",", "").Replace(".", "") : null;

    [GeneratedRegex(@"^(?<sign>[+-]?)(?:[A-Z]{3})?(?<digits>[.,]?\d[\d.,]*)(?:[A-Z]{3})?%?$")]
    private static partial Regex Body();

    /// <summary>Threes after a first one to three, which do not begin with a zero: 0,125 is a fraction.</summary>
    [GeneratedRegex(@"^[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*$")]
    private static partial Regex Thousands();
}
