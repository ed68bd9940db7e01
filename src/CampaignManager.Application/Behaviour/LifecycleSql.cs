using System.Globalization;
using CampaignManager.Engine.Audiences;
using static CampaignManager.Engine.Audiences.LifecycleRules;

namespace CampaignManager.Application.Behaviour;

/// <summary><see cref="LifecycleRules"/> where the lake is asked; a test holds the two together.</summary>
public static class LifecycleSql
{
    /// <summary>The key of the lifecycle as a SQL expression over columns of these names.</summary>
    public static string Of(string tenureDays, string orders, string ordersInYear, string recencyDays) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CASE WHEN {tenureDays} < {NewDays} AND {orders} <= {NewOrders} THEN '{Lifecycle.New.Key()}'
             WHEN {recencyDays} <= {ActiveDays} AND {ordersInYear} >= {LoyalOrders} THEN '{Lifecycle.Loyal.Key()}'
             WHEN {recencyDays} <= {ActiveDays} THEN '{Lifecycle.Active.Key()}'
             WHEN {recencyDays} <= {LapsingDays} THEN '{Lifecycle.Lapsing.Key()}'
             ELSE '{Lifecycle.Lapsed.Key()}' END
        """);
}
