using System.Globalization;
using System.Text;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>How codes are compared.</summary>
public static class CouponCode
{
    // Of the characters that nobody sees these are no format characters: fillers, joiners, selectors of variants.
    private const string Unseen = "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u3164\uFFA0";

    /// <summary>
    /// The code as people would say it: Unicode NFKC, without what nobody sees and without surrounding blanks, one kind of dash, one kind of I, upper case of the
    /// invariant culture.
    /// </summary>
    public static string Normalise(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (Ascii.IsValid(code))
            return code.Trim().ToUpperInvariant();
        // Upper case may take another form, and a dotted capital I comes back from a small i with a dot above.
        return Plain(Plain(code).ToUpperInvariant()).Trim();
    }

    /// <summary>As an earlier release compared codes: those that it stored, and that would be the same as another one today, are found by it.</summary>
    public static string NormaliseAsBefore(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (Ascii.IsValid(code))
            return code.Trim().ToUpperInvariant();
        var upper = Formed(code).Trim().ToUpperInvariant();
        return Formed(upper);
    }

    private static string Plain(string code)
    {
        var formed = Formed(code);
        var plain = new StringBuilder(formed.Length);
        for (var i = 0; i < formed.Length; i++)
        {
            var wide = char.IsSurrogatePair(formed, i);
            switch (CharUnicodeInfo.GetUnicodeCategory(formed, i))
            {
                case UnicodeCategory.Format:
                    break;
                case UnicodeCategory.DashPunctuation:
                    plain.Append('-');
                    break;
                default:
                    if (wide)
                        plain.Append(formed, i, IsVariant(char.ConvertToUtf32(formed, i)) ? 0 : 2);
                    else if (!Unseen.Contains(formed[i], StringComparison.Ordinal) && !IsVariant(formed[i]))
                        plain.Append(formed[i] switch { '\u2212' => '-', '\u0130' or '\u0131' => 'I', var other => other });
                    break;
            }

            i += wide ? 1 : 0;
        }

        return Formed(plain.ToString()).Replace('\u0130', 'I').Trim();
    }

    private static bool IsVariant(int point) => point is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF;

    // What is no text (half of a surrogate pair) has no normal form and stays as it is.
    private static string Formed(string code) => IsText(code) ? code.Normalize(NormalizationForm.FormKC) : code;

    private static bool IsText(string code)
    {
        for (var i = 0; i < code.Length; i++)
        {
            if (char.IsSurrogate(code[i]) && !(i + 1 < code.Length && char.IsSurrogatePair(code[i], code[++i])))
                return false;
        }

        return true;
    }
}
