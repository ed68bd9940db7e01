using Hangfire;

namespace CampaignManager.Application.Jobs;

/// <summary>Whether the workers of this process are at work.</summary>
/// <param name="storage">Where they report.</param>
/// <param name="node">This process; one with <c>Role=web</c> has none and leaves jobs to others.</param>
public sealed class JobWorkers(JobStorage storage, JobNode node)
{
    /// <summary>They report twice a minute; who has said nothing for longer than this hangs.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <param name="now">UTC.</param>
    public bool AreAlive(DateTime now) => node.Role == NodeRole.Web
        || storage.GetMonitoringApi().Servers()
            .Any(s => s.Name.StartsWith(node.Name, StringComparison.OrdinalIgnoreCase) && s.Heartbeat >= now - Silence);
}
