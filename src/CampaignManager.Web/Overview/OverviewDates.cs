using System.Globalization;

namespace CampaignManager.Web.Overview;

/// <summary>Days as the rest of the app writes them: the month in words, so that nobody takes it for the day.</summary>
internal static class OverviewDates
{
    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    public static string Day(DateOnly day) => day.ToString(Culture.TwoLetterISOLanguageName == "zh" ? "yyyy年M月d日" : "d MMM yyyy", Culture).Replace(' ', '\u00A0');

    /// <summary>The day of a moment by the clock of a zone, without the year.</summary>
    public static string DayIn(DateTime utc, string zone) =>
        TimeZoneInfo.ConvertTimeFromUtc(utc, TimeZoneInfo.FindSystemTimeZoneById(zone)).ToString(Culture.TwoLetterISOLanguageName == "zh" ? "M月d日" : "d MMM", Culture).Replace(' ', '\u00A0');
}
