using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>Where data come from by themselves (section <c>Import</c>).</summary>
public sealed record IncomingOptions
{
    /// <summary>Files laid here are imported; empty: no folder is watched. All nodes must see the same one.</summary>
    public string Folder { get; init; } = "";

    /// <summary>For how long a file must stay as it is before it counts as whole.</summary>
    [Range(1, 86_400, ErrorMessage = "Import:QuietSeconds must be between 1 and 86400.")]
    public int QuietSeconds { get; init; } = 30;

    [Range(1, 3600, ErrorMessage = "Import:LookSeconds must be between 1 and 3600.")]
    public int LookSeconds { get; init; } = 15;

    /// <summary>IANA zone of times in such files that do not say their own; empty: the import asks.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Of amounts in such files without one; empty: the import asks.</summary>
    public string Currency { get; init; } = "";

    /// <summary>PostgreSQL connection strings by the name that people choose; the strings themselves are never shown.</summary>
    public Dictionary<string, string> Connections { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>After that a pull is stopped.</summary>
    [Range(1, 1440, ErrorMessage = "Import:PullMinutes must be between 1 and 1440.")]
    public int PullMinutes { get; init; } = 60;
}
