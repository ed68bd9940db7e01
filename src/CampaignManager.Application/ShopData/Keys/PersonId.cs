using System.Text;

namespace CampaignManager.Application.ShopData.Keys;

/// <summary>An id that may name a person, as a file or a call has it.</summary>
public static class PersonId
{
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "0", "-", "--", "?", "na", "n/a", "n.a.", "nan", "null", "(null)", "nil", "none", "undefined", "unknown", "(unknown)", "guest",
            "guest customer", "guest user", "anonymous",
        "anonym", "not set", "(not set)", "not available", "no email", "no e-mail", "noemail", "no phone", "no customer", "unregistered",
            "gast", "unbekannt", "keine", "inconnu", "invité",
        "-1", "test", "not logged in", "walk-in", "noreply@example.com", "no-reply@example.com", "test@test.com", "no@email.com", "na@na.com",
        "desconocido", "invitado", "匿名", "匿名用户", "匿名买家", "游客", "访客", "未知", "无", "空", "暂无", "散客",
    };

    /// <summary>
    /// Whether it stands for nobody: nothing, a word for it, or only a part that the source shows (<c>1******6198</c>,
    /// <c>a***@example.com</c>), which many share.
    /// </summary>
    public static bool IsNobody(string? text)
    {
        var bare = (text ?? "").Trim().Trim('\'', '"', '\uFEFF').Trim();
        if (bare.Length == 0 || Placeholders.Contains(bare) || IsMasked(bare))
            return true;
        // A placeholder before the @ is one as well: guest@, none@, noemail@.
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        return at == 0
            || (at > 0
            && bare[..at].ToLowerInvariant() is "guest" or "none" or "null" or "noemail" or "no-email" or "anonymous" or "unknown" or "undefined");
    }

    /// <summary>Whether a part of it is hidden, so that it is the same for many people.</summary>
    private static bool IsMasked(string text)
    {
        if (text.Contains("xxxx", StringComparison.OrdinalIgnoreCase))
            return true;
        var run = 0;
        foreach (var c in text)
        {
            run = c is '*' or '＊' or '•' or '●' or '×' or '█' ? run + 1 : 0;
            if (run >= 2)
                return true;
        }

        return false;
    }

    /// <summary>Whether a phone number may be written so: where a column or a setting says that it is one, it is.</summary>
    public static bool IsNumber(string text) => text.Count(char.IsAsciiDigit) is >= 6 and <= 15 && !text.Any(char.IsLetter);

    /// <summary>Of which kind a pseudonym may have been made of this; more than <see cref="KindOf"/> tells, since a column of bare numbers may have been one of phones.</summary>
    public static string? MayBe(string text) => KindOf(text) ?? (IsNumber(text) ? PersonKeyKinds.Phone : null);

    /// <summary>Which kind of id that names a person this is; null: neither an e-mail address nor a phone number.</summary>
    public static string? KindOf(string text)
    {
        var bare = text.Trim();
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        if (at > 0 && at == bare.LastIndexOf('@') && bare.IndexOf('.', at) > at + 1 && !bare.Any(char.IsWhiteSpace))
            return PersonKeyKinds.Email;
        var digits = Digits(bare);
        // A bare number may be any id: only what is written as a phone number is one, and China's mobile numbers, which shops there use as
        // ids.
        var written = bare is ['+', ..] || (bare is ['0', '0', ..] && bare.Length > 10) || bare.AsSpan().IndexOfAny(" -()/") > 0;
        return digits.Length is >= 8 and <= 15 && bare.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '/' or '.')
            && ((written && !bare.Contains('.', StringComparison.Ordinal) && !IsDate(bare)) || IsChineseMobile(digits))
            ? PersonKeyKinds.Phone : null;
    }

    /// <summary>What two spellings of the same id have in common; nothing but that.</summary>
    public static string Normalised(string kind, string value)
    {
        var text = value.Trim().Normalize(NormalizationForm.FormKC).Trim();
        return kind switch
        {
            PersonKeyKinds.Email => text.ToLowerInvariant(),
            PersonKeyKinds.Phone => Phone(text),
            _ => text,
        };
    }

    /// <summary>Digits with the country's: +49 30 … and 0049 30 … are one. A number of China's mobile networks without it gets its 86; any
    /// other stays as it is written.</summary>
    private static string Phone(string text)
    {
        var digits = Digits(text);
        // +49 (0)30: the nought is for those who dial within the country.
        if (text.Contains("(0)", StringComparison.Ordinal) && text.TrimStart('\'') is ['+', ..] or ['0', '0', ..])
            digits = Digits(text.Replace("(0)", "", StringComparison.Ordinal));
        if (text.TrimStart('\'') is not ['+', ..] && digits.StartsWith("00", StringComparison.Ordinal))
            return digits[2..];
        return text.TrimStart('\'') is not ['+', ..] && IsChineseMobile(digits) ? "86" + digits : digits;
    }

    private static bool IsChineseMobile(string digits) => digits.Length == 11 && digits[0] == '1' && digits[1] is >= '3' and <= '9';

    private static bool IsDate(string text) => text.Length is 8 or 10 && text.Count(c => c is '-' or '/') == 2;

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
