using CampaignManager.Application.Data;

namespace CampaignManager.Application.Jobs;

/// <summary>What a process is there for: key <c>Role</c>.</summary>
public enum NodeRole
{
    /// <summary>Serves pages and calls, and runs jobs.</summary>
    All,

    /// <summary>Serves pages and calls; jobs are run by workers.</summary>
    Web,

    /// <summary>Runs jobs; answers for its health only.</summary>
    Worker,
}

/// <summary>This process among those that share a database, by an id of its own: a process that starts again is another node.</summary>
public sealed class JobNode(NodeRole role = NodeRole.All)
{
    /// <summary>How often a worker says that it is at its runs.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>Whose last heartbeat is longer ago is dead, and its work is taken up by others.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(30);

    public Guid Id { get; } = Guid.NewGuid();

    public NodeRole Role => role;

    /// <summary>As its workers report to Hangfire.</summary>
    public string Name => Id.ToString("N");

    /// <exception cref="StartRefusedException">Beside SQLite there is one process, which does everything.</exception>
    public void Check(DatabaseOptions database)
    {
        if (role == NodeRole.All || database.IsPostgreSql)
            return;
        throw new StartRefusedException(
            $"Role={role.ToString().ToLowerInvariant()} needs several processes on one database, and SQLite serves one: "
            + "leave Role away, or set Database:Provider to PostgreSql.");
    }
}
