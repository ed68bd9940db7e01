namespace CampaignManager.Engine.Audiences;

/// <summary>Where a customer stands with the shop. Every customer is in exactly one.</summary>
public enum Lifecycle
{
    /// <summary>Joined not long ago, with few orders so far.</summary>
    New,

    /// <summary>Ordered not long ago.</summary>
    Active,

    /// <summary>Ordered not long ago, and often.</summary>
    Loyal,

    /// <summary>Has not ordered for a while.</summary>
    Lapsing,

    /// <summary>Has not ordered for long, or never.</summary>
    Lapsed,
}

/// <summary>
/// The rules, by recency, frequency and tenure at a moment; the first that holds decides:
/// <list type="number">
/// <item>new: joined fewer than 90 days before, and at most two orders so far;</item>
/// <item>loyal: last order at most 90 days before, and at least four orders in the last 365 days;</item>
/// <item>active: last order at most 90 days before;</item>
/// <item>lapsing: last order at most 180 days before;</item>
/// <item>lapsed: everyone else, those who never ordered included.</item>
/// </list>
/// Where data is asked in SQL, the same stands once more; a test holds the two together.
/// </summary>
public static class LifecycleRules
{
    /// <summary>Who joined fewer days before may be new.</summary>
    public const int NewDays = 90;

    /// <summary>With at most as many orders so far.</summary>
    public const int NewOrders = 2;

    /// <summary>Days since the last order up to which a customer is active or loyal.</summary>
    public const int ActiveDays = 90;

    /// <summary>Days since the last order up to which a customer is lapsing.</summary>
    public const int LapsingDays = 180;

    /// <summary>Orders within 365 days from which on a customer is loyal.</summary>
    public const int LoyalOrders = 4;

    /// <summary>All of them, in the order in which people read them.</summary>
    public static readonly IReadOnlyList<Lifecycle> All = Enum.GetValues<Lifecycle>();

    /// <summary>The segment's key.</summary>
    public static string Key(this Lifecycle lifecycle) => lifecycle switch
    {
        Lifecycle.New => "new",
        Lifecycle.Active => "active",
        Lifecycle.Loyal => "loyal",
        Lifecycle.Lapsing => "lapsing",
        Lifecycle.Lapsed => "lapsed",
        _ => throw new ArgumentOutOfRangeException(nameof(lifecycle)),
    };

    /// <summary>Where a customer stands, by what is known of them at the moment.</summary>
    /// <param name="tenureDays">Days since the customer joined.</param>
    /// <param name="orders">Orders so far.</param>
    /// <param name="ordersInYear">Orders in the last 365 days.</param>
    /// <param name="recencyDays">Days since the last order; null without one.</param>
    public static Lifecycle Of(double tenureDays, int orders, int ordersInYear, double? recencyDays) => recencyDays switch
    {
        _ when tenureDays < NewDays && orders <= NewOrders => Lifecycle.New,
        <= ActiveDays => ordersInYear >= LoyalOrders ? Lifecycle.Loyal : Lifecycle.Active,
        <= LapsingDays => Lifecycle.Lapsing,
        _ => Lifecycle.Lapsed,
    };
}
