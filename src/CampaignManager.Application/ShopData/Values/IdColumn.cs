using System.Buffers;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Values;

/// <summary>Ids of one column: as the source has them, once what spreadsheets did to them is off.</summary>
internal sealed class IdColumn
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.,");

    private long asFloats;
    private long filled;

    /// <summary>All are whole numbers written with a point and a nought, as programs do that take ids for figures.</summary>
    public bool AreFloats => filled > 0 && asFloats == filled;

    public void See(string text)
    {
        if (Bare(text) is not { } id)
            return;
        filled++;
        asFloats += IsFloat(id) ? 1 : 0;
    }

    /// <returns>Null where it is none.</returns>
    public string? Read(string? text)
    {
        if (text is null || Bare(text) is not { } id)
            return null;
        return AreFloats ? id[..^2] : id;
    }

    /// <summary><c>="2938"</c>, <c>'01000</c> and invisible signs say nothing of the id.</summary>
    public static string? Bare(string text)
    {
        var id = text.AsSpan().Trim().Trim('\uFEFF').Trim('\u200B').Trim();
        if (id is ['=', '"', .., '"'])
            id = id[2..^1].Trim();
        if (id is ['\'', ..])
            id = id[1..].Trim();
        // Shopify's GraphQL names what the files call 450789469.
        if (id.StartsWith("gid://", StringComparison.Ordinal))
            id = id[(id.LastIndexOf('/') + 1)..];
        return CsvNumber.IsMissing(id) ? null : id.Length == text.Length ? text : id.ToString();
    }

    /// <summary>What a spreadsheet made of a long number: <c>2.938E+18</c>. Which id it was is lost.</summary>
    public static bool IsMangled(string id)
    {
        var at = id.IndexOf("E+", StringComparison.OrdinalIgnoreCase);
        return at > 0 && char.IsAsciiDigit(id[0]) && !id.AsSpan(0, at).ContainsAnyExcept(Digits) && at + 2 < id.Length
            && id.AsSpan(at + 2).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool IsFloat(string id) =>
        id.Length > 2 && id.EndsWith(".0", StringComparison.Ordinal) && id.AsSpan(0, id.Length - 2).IndexOfAnyExceptInRange('0', '9') < 0;
}
