namespace CampaignManager.Application.Data;

/// <summary>Keys from outside: what no database can store as text is nobody's key.</summary>
internal static class StorableText
{
    public const int Longest = 200;

    public static bool IsKey(string? text)
    {
        if (text is null || text.Length > Longest || text.Contains('\0'))
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
                return false;
        }

        return true;
    }
}
