using System.Globalization;
using System.Text;
using CampaignManager.Engine.Audiences;

namespace CampaignManager.Application.Audiences;

/// <summary>The part of an audience's key that its name gives: addresses and lists of keys can carry it as it is.</summary>
internal static class AudienceSlug
{
    private const int Longest = 60;

    public static bool IsOne(string slug) =>
        slug.Length is > 0 and <= Longest && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && slug.Trim('-').Length > 0;

    /// <summary>A key of the name that none has yet; a name without Latin letters gives a number.</summary>
    public static string Free(string name, IReadOnlyCollection<string> taken)
    {
        var slug = Of(name);
        if (slug.Length > 0 && !taken.Contains(SegmentKeys.OwnPrefix + slug))
            return SegmentKeys.OwnPrefix + slug;
        var stem = slug.Length == 0 ? "a" : slug[..Math.Min(slug.Length, Longest - 5)];
        return Enumerable.Range(slug.Length == 0 ? 1 : 2, taken.Count + 2).Select(i => string.Create(CultureInfo.InvariantCulture, $"{SegmentKeys.OwnPrefix}{stem}-{i}")).First(k => !taken.Contains(k));
    }

    private static string Of(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString(0, Math.Min(slug.Length, Longest)).Trim('-');
    }
}
