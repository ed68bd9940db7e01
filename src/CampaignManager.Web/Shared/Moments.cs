using System.Globalization;

namespace CampaignManager.Web.Shared;

/// <summary>
/// How moments and days are written everywhere, by the clock of a zone: the server's own is nobody's. The month stands in letters,
/// because figures alone are read in two orders; a day does not break over two lines.
/// </summary>
public static class Moments
{
    private static CultureInfo Culture => CultureInfo.CurrentUICulture;

    private static bool Chinese => Culture.TwoLetterISOLanguageName == "zh";

    public static string Moment(DateTime utc, string zone) => Moment(Local(utc, zone));

    public static string Moment(DateTime local) => local.ToString(Chinese ? "yyyy年M月d日 HH:mm" : "d MMM yyyy, HH:mm", Culture);

    /// <summary>With its weekday, because that is what a rhythm is judged by.</summary>
    public static string MomentOfWeek(DateTime utc, string zone) =>
        Local(utc, zone).ToString(Chinese ? "yyyy年M月d日 ddd HH:mm" : "ddd d MMM yyyy, HH:mm", Culture);

    public static string Day(DateTime utc, string zone) => Day(Local(utc, zone));

    public static string Day(DateTime local) => Whole(local.ToString(Chinese ? "yyyy年M月d日" : "d MMM yyyy", Culture));

    public static string Day(DateOnly day) => Day(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>The day without its year.</summary>
    public static string DayOfYear(DateTime utc, string zone) => Whole(Local(utc, zone).ToString(Chinese ? "M月d日" : "d MMM", Culture));

    public static string Clock(DateTime utc, string zone) => Local(utc, zone).ToString("HH:mm:ss", Culture);

    public static string Minute(DateTime utc, string zone) => Local(utc, zone).ToString("HH:mm", Culture);

    /// <summary>A moment by the clock of a zone; of a zone that nobody knows it stays UTC.</summary>
    public static DateTime Local(DateTime utc, string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? TimeZoneInfo.ConvertTimeFromUtc(utc, found) : utc;

    private static string Whole(string text) => text.Replace(' ', '\u00A0');
}
