using Hangfire;

namespace CampaignManager.Application.Jobs;

/// <summary>Whether the workers of this process are at work.</summary>
/// <param name="storage">Where they report.</param>
/// <param name="expected">Whether this process has any; one with <c>Role=web</c> leaves jobs to others.</param>
public sealed class JobWorkers(JobStorage storage, bool expected)
{
    /// <summary>They report twice a minute; who has said nothing for longer than this hangs.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <param name="now">UTC.</param>
    public bool AreAlive(DateTime now) => !expected || storage.GetMonitoringApi().Servers().Any(s => s.Heartbeat >= now - Silence);
}
