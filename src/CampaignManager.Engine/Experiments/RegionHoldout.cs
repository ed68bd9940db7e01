namespace CampaignManager.Engine.Experiments;

/// <summary>Why regions cannot be held back instead of persons.</summary>
public enum RegionRefusal
{
    /// <summary>Too few regions to compare.</summary>
    TooFewRegions,

    /// <summary>Too short a history to weigh them by.</summary>
    TooFewPeriods,
}

/// <summary>
/// Holding back whole regions where persons cannot be. The limits are GeoLift's own advice (Meta Open Source): 20 regions and more, 25 periods before the campaign. Persons are preferred: they are many.
/// </summary>
public static class RegionHoldout
{
    /// <summary>Regions needed.</summary>
    public const int FewestRegions = 20;

    /// <summary>Periods (days, or weeks where orders are few) needed before the campaign.</summary>
    public const int FewestPeriods = 25;

    /// <summary>Why it cannot be done; null where it can.</summary>
    public static RegionRefusal? Refuse(int regions, int periods) =>
        regions < FewestRegions ? RegionRefusal.TooFewRegions : periods < FewestPeriods ? RegionRefusal.TooFewPeriods : null;
}
