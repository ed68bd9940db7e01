using CampaignManager.Application.Settings;

namespace CampaignManager.Web.Shared;

/// <summary>Moments as the shop's clock shows them: the server's own zone is nobody's.</summary>
public sealed record ShopTime(TimeZoneInfo Zone)
{
    public static ShopTime Utc { get; } = new(TimeZoneInfo.Utc);

    public static async Task<ShopTime> LoadAsync(SettingsService settings) =>
        TimeZoneInfo.TryFindSystemTimeZoneById((await settings.GetAsync(CancellationToken.None)).TimeZone, out var zone) ? new ShopTime(zone) : Utc;

    public string Moment(DateTime utc) => Moments.Moment(Local(utc));

    public string Day(DateTime utc) => Moments.Day(Local(utc));

    private DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, Zone);
}
