using CampaignManager.Application.Behaviour;

namespace CampaignManager.Application.Planning;

/// <summary>Keys of the segments predictions are made for.</summary>
public static class Segments
{
    public const string FavouritePrefix = "favourite:";

    public const string Total = "total";

    public static readonly IReadOnlyList<string> LifecycleKeys = [.. LifecycleRules.All.Select(l => l.Key())];
}
