namespace CampaignManager.Engine.Audiences;

/// <summary>Keys of the segments of which every shop has its own: by favourite category, and the audiences it made itself.</summary>
public static class SegmentKeys
{
    /// <summary>What they all begin with.</summary>
    public const string FavouritePrefix = "favourite:";

    /// <summary>What the keys of saved audiences begin with.</summary>
    public const string OwnPrefix = "audience:";

    /// <summary>Whether a key is that of a saved audience.</summary>
    public static bool IsOwn(string key) => key.StartsWith(OwnPrefix, StringComparison.Ordinal);

    /// <summary>The key of a category's.</summary>
    public static string Favourite(string category) => FavouritePrefix + category;
}
