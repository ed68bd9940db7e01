using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>Whose an order is. What stands for nobody in a list of customers is nobody's key here.</summary>
internal static class PersonKey
{
    public static string? Of(TemplateField? field, string? text, ReadingOptions options)
    {
        if (field is null || text is null || PersonId.IsNobody(text))
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

    private static bool IsPhone(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).ToList();
        return digits.Count is >= 6 and <= 15 && digits.Distinct().Count() > 1;
    }

    private static bool LooksLikePhone(string text) =>
        IsPhone(text) && text[0] is '+' or '0' or '1' && text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '/')
            && text.Length is >= 8 and <= 20;
}
