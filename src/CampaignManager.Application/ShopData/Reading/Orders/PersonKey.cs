using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>Whose an order is. Masked values and placeholders are nobody's key.</summary>
internal static class PersonKey
{
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "guest", "anonymous", "anonym", "unknown", "none", "test", "noemail", "-", "--", "0", "-1", "not logged in", "walk-in", "gast",
        "invité", "匿名", "匿名用户", "游客",
        "noreply@example.com", "no-reply@example.com", "test@test.com", "no@email.com", "noemail@noemail.com", "none@none.com",
        "guest@guest.com", "na@na.com",
    };

    public static string? Of(TemplateField? field, string? text, ReadingOptions options)
    {
        if (field is null || text is null || IsMasked(text) || Placeholders.Contains(text))
            return null;
        if (text.Contains('@', StringComparison.Ordinal) && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            && at < text.Length - 1)
            return options.Keys.Pseudonym(PersonKeyKinds.Email, text);
        if (field.As == PersonKeyKinds.Email && field.Treat == Treatment.Pseudonym)
            return null;
        if (field.Treat == Treatment.Pseudonym || (options.PhonesAndMailsAreIds && LooksLikePhone(text)))
            return IsPhone(text) ? options.Keys.Pseudonym(field.As ?? PersonKeyKinds.Phone, text) : null;
        return text;
    }

    /// <summary><c>1******6198</c>: the same for many people.</summary>
    public static bool IsMasked(string text) =>
        text.Contains("**", StringComparison.Ordinal) || text.Contains("xxxx", StringComparison.OrdinalIgnoreCase);

    private static bool IsPhone(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).ToList();
        return digits.Count is >= 6 and <= 15 && digits.Distinct().Count() > 1;
    }

    private static bool LooksLikePhone(string text) =>
        IsPhone(text) && text[0] is '+' or '0' or '1' && text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '/')
            && text.Length is >= 8 and <= 20;
}
