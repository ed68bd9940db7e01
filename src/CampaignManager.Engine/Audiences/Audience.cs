namespace CampaignManager.Engine.Audiences;

/// <summary>Which customers: in any of the segments (none named: all), in none of the others.</summary>
public sealed record Audience
{
    /// <summary>In at least one of these segments; empty means everyone.</summary>
    public IReadOnlyList<string> AnyOf { get; init; } = [];

    /// <summary>In none of these.</summary>
    public IReadOnlyList<string> NoneOf { get; init; } = [];

    /// <summary><c>new</c>, <c>returning</c>; empty means both.</summary>
    public IReadOnlyList<string> CustomerKinds { get; init; } = [];

    /// <summary>Channels; empty means all.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Regions; empty means all.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];
}
