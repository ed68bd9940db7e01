using System.Text;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>How codes are compared.</summary>
public static class CouponCode
{
    /// <summary>The code without differences of case, width and surrounding blanks: Unicode NFKC, trimmed, upper case of the invariant culture.</summary>
    public static string Normalise(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (Ascii.IsValid(code))
            return code.Trim().ToUpperInvariant();
        // What is no text (half of a surrogate pair) has no normal form and stays as it is.
        if (IsText(code))
            code = code.Normalize(NormalizationForm.FormKC);
        var upper = code.Trim().ToUpperInvariant();
        return IsText(upper) ? upper.Normalize(NormalizationForm.FormKC) : upper;
    }

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
