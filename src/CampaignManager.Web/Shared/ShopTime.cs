using System.Globalization;
using CampaignManager.Application.Settings;

namespace CampaignManager.Web.Shared;

/// <summary>Moments as the shop's clock shows them: the server's own zone is nobody's.</summary>
public sealed record ShopTime(TimeZoneInfo Zone)
{
    public static ShopTime Utc { get; } = new(TimeZoneInfo.Utc);

    public static async Task<ShopTime> LoadAsync(SettingsService settings) =>
        TimeZoneInfo.TryFindSystemTimeZoneById((await settings.GetAsync(CancellationToken.None)).TimeZone, out var zone) ? new ShopTime(zone) : Utc;

    private static bool Chinese => CultureInfo.CurrentCulture.TwoLetterISOLanguageName == "zh";

    // With the month in letters: figures alone are read in two orders.
    public string Moment(DateTime utc) => Local(utc).ToString(Chinese ? "yyyy年M月d日 HH:mm" : "d MMM yyyy, HH:mm", CultureInfo.CurrentCulture);

    public string Day(DateTime utc) => Local(utc).ToString(Chinese ? "yyyy年M月d日" : "d MMM yyyy", CultureInfo.CurrentCulture);

    private DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, Zone);
}
