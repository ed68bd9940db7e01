namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>64 bits of a text (FNV-1a), the same in every run: sets of millions of ids are held as these.</summary>
internal static class TextHash
{
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return hash ^ (hash >> 32);
    }
}
