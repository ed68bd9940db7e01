namespace CampaignManager.Application.Jobs;

/// <summary>Tells watching pages that a run changed. Subscribers are copied before the call, so one may unsubscribe inside it,
/// and told in the language in which they subscribed.</summary>
public sealed class JobNotifier
{
    private readonly Lock gate = new();
    private readonly List<Action<Guid>> subscribers = [];

    public IDisposable Subscribe(Action<Guid> onChanged)
    {
        var entry = ReaderCulture.Keep(onChanged);
        lock (gate)
            subscribers.Add(entry);
        return new Subscription(this, entry);
    }

    /// <summary>Told of one run only.</summary>
    public IDisposable Subscribe(Guid runId, Action onChanged) => Subscribe(id =>
    {
        if (id == runId)
            onChanged();
    });

    public void Changed(Guid runId)
    {
        Action<Guid>[] copy;
        lock (gate)
            copy = [.. subscribers];
        foreach (var subscriber in copy)
            subscriber(runId);
    }

    private sealed class Subscription(JobNotifier owner, Action<Guid> onChanged) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.gate)
                owner.subscribers.Remove(onChanged);
        }
    }
}
