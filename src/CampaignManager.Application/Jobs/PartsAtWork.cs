namespace CampaignManager.Application.Jobs;

/// <summary>The parts that this process is at.</summary>
public sealed class PartsAtWork
{
    private readonly Lock gate = new();
    private readonly HashSet<(Guid RunId, string Work, int Number)> parts = [];

    /// <summary>By run and work.</summary>
    public IReadOnlyList<(Guid RunId, string Work, int[] Numbers)> List()
    {
        lock (gate)
            return [.. parts.GroupBy(p => (p.RunId, p.Work)).Select(g => (g.Key.RunId, g.Key.Work, g.Select(p => p.Number).ToArray()))];
    }

    internal void Begin(Guid runId, string work, int number)
    {
        lock (gate)
            parts.Add((runId, work, number));
    }

    internal void End(Guid runId, string work, int number)
    {
        lock (gate)
            parts.Remove((runId, work, number));
    }
}
