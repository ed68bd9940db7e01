using System.Globalization;
using System.Text;

namespace CampaignManager.Web.Shared;

/// <summary>Days as people type and paste them, the year first: any other order is read in two ways.</summary>
public static class DayText
{
    private static readonly string[] Formats = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];

    /// <summary>The day, or null when the text is none.</summary>
    public static DateTime? Read(string? text) =>
        DateTime.TryParseExact(Plain(text), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string Write(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Full-width digits and signs as the usual ones.
    private static string Plain(string? text) => string.Concat((text ?? "").Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));
}
