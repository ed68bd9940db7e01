using CampaignManager.Engine.Audiences;

namespace CampaignManager.Engine.Planning;

/// <summary>Keys of the segments predictions are made for.</summary>
public static class Segments
{
    /// <summary>The line of the whole audience.</summary>
    public const string Total = "total";

    /// <summary>By lifecycle, in the order of the enumeration: an index into them is a <see cref="Lifecycle"/>.</summary>
    public static readonly IReadOnlyList<string> LifecycleKeys = [.. LifecycleRules.All.Select(l => l.Key())];
}
