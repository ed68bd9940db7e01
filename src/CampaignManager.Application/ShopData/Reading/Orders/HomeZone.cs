namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>
/// The zone of a shop by its currency, where that is one country's and the country has one zone. A template says whether it may be taken
/// (<c>zone: home</c>).
/// </summary>
internal static class HomeZone
{
    public const string Word = "home";

    private static readonly Dictionary<string, string> ByCurrency = new(StringComparer.Ordinal)
    {
        ["GBP"] = "Europe/London",
        ["CNY"] = "Asia/Shanghai",
        ["JPY"] = "Asia/Tokyo",
        ["KRW"] = "Asia/Seoul",
        ["INR"] = "Asia/Kolkata",
        ["CHF"] = "Europe/Zurich",
        ["SEK"] = "Europe/Stockholm",
        ["NOK"] = "Europe/Oslo",
        ["DKK"] = "Europe/Copenhagen",
        ["PLN"] = "Europe/Warsaw",
        ["CZK"] = "Europe/Prague",
        ["HUF"] = "Europe/Budapest",
        ["RON"] = "Europe/Bucharest",
        ["TRY"] = "Europe/Istanbul",
        ["ILS"] = "Asia/Jerusalem",
        ["SGD"] = "Asia/Singapore",
        ["HKD"] = "Asia/Hong_Kong",
        ["TWD"] = "Asia/Taipei",
        ["THB"] = "Asia/Bangkok",
        ["ZAR"] = "Africa/Johannesburg",
        ["AED"] = "Asia/Dubai",
        ["PHP"] = "Asia/Manila",
        ["VND"] = "Asia/Ho_Chi_Minh",
        ["MYR"] = "Asia/Kuala_Lumpur",
    };

    public static string? Of(string? currency) => currency is null ? null : ByCurrency.GetValueOrDefault(currency);
}
