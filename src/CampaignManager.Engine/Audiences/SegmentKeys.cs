namespace CampaignManager.Engine.Audiences;

/// <summary>Keys of the segments by favourite category, of which every shop has its own.</summary>
public static class SegmentKeys
{
    /// <summary>What they all begin with.</summary>
    public const string FavouritePrefix = "favourite:";

    /// <summary>The key of a category's.</summary>
    public static string Favourite(string category) => FavouritePrefix + category;
}
