using System.Globalization;

namespace CampaignManager.Application.Behaviour;

/// <summary>Where a customer stands with the shop. Every customer is in exactly one.</summary>
public enum Lifecycle { New, Active, Loyal, Lapsing, Lapsed }

/// <summary>
/// The rules, by recency, frequency and tenure at a moment; the first that holds decides:
/// <list type="number">
/// <item>new: joined fewer than 90 days before, and at most two orders so far;</item>
/// <item>loyal: last order at most 90 days before, and at least four orders in the last 365 days;</item>
/// <item>active: last order at most 90 days before;</item>
/// <item>lapsing: last order at most 180 days before;</item>
/// <item>lapsed: everyone else, those who never ordered included.</item>
/// </list>
/// Stated once for code and once for SQL; a test holds the two together.
/// </summary>
public static class LifecycleRules
{
    public const int NewDays = 90;
    public const int NewOrders = 2;
    public const int ActiveDays = 90;
    public const int LapsingDays = 180;
    public const int LoyalOrders = 4;

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

    /// <summary>The same as a SQL expression over columns of these names.</summary>
    public static string Sql(string tenureDays, string orders, string ordersInYear, string recencyDays) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CASE WHEN {tenureDays} < {NewDays} AND {orders} <= {NewOrders} THEN '{Lifecycle.New.Key()}'
             WHEN {recencyDays} <= {ActiveDays} AND {ordersInYear} >= {LoyalOrders} THEN '{Lifecycle.Loyal.Key()}'
             WHEN {recencyDays} <= {ActiveDays} THEN '{Lifecycle.Active.Key()}'
             WHEN {recencyDays} <= {LapsingDays} THEN '{Lifecycle.Lapsing.Key()}'
             ELSE '{Lifecycle.Lapsed.Key()}' END
        """);
}
