using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Overview;

/// <summary>How long ago something was, in words.</summary>
internal static class Since
{
    public static string Ago(this IStringLocalizer<OverviewTexts> texts, DateTime at, DateTime now) => (now - at) switch
    {
        { TotalMinutes: < 2 } => texts["JustNow"],
        { TotalHours: < 2 } span => texts["MinutesAgo", (int)span.TotalMinutes],
        { TotalDays: < 2 } span => texts["HoursAgo", (int)span.TotalHours],
        var span => texts["DaysAgo", (int)span.TotalDays],
    };
}
