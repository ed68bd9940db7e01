namespace CampaignManager.Web.Access;

/// <summary>
/// From what a browser says of itself to what its owner knows it by. Anybody can say anything here: it only helps people to tell theirs
/// apart.
/// </summary>
public static class DeviceName
{
    public const string Unknown = "?";

    // The first that fits: browsers also name those they descend from.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static string Of(string userAgent)
    {
        var named = new[] { First(Browsers, userAgent), First(Systems, userAgent) }.OfType<string>().ToArray();
        return named.Length == 0 ? Unknown : string.Join(" · ", named);
    }

    private static string? First((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
