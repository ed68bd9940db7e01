namespace CampaignManager.Application.Jobs;

/// <summary>Tells watching pages that a run changed. Subscribers are copied before the call, so one may unsubscribe inside it.</summary>
public sealed class JobNotifier
{
    private readonly Lock gate = new();
    private readonly List<Action<Guid>> subscribers = [];

    public IDisposable Subscribe(Action<Guid> onChanged)
    {
        lock (gate)
            subscribers.Add(onChanged);
        return new Subscription(this, onChanged);
    }

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
