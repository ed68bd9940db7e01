namespace CampaignManager.Web.Audiences;

/// <summary>Where a segment has its page: saved audiences where they are edited, those that every shop has beside them.</summary>
public static class SegmentAddress
{
    public static string Of(string key) => Engine.Audiences.SegmentKeys.IsOwn(key)
        ? "/audiences/" + Uri.EscapeDataString(key)
        // A category may have a path of its own: its slashes stay.
        : "/audiences/segments/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
}
