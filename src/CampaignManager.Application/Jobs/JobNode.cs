namespace CampaignManager.Application.Jobs;

/// <summary>This process among those that share a database, by an id of its own: a process that starts again is another node.</summary>
public sealed class JobNode
{
    /// <summary>How often a worker says that it is at its runs.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>Whose last heartbeat is longer ago is dead, and its work is taken up by others.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(30);

    public Guid Id { get; } = Guid.NewGuid();
}
