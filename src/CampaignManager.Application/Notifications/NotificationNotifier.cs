namespace CampaignManager.Application.Notifications;

/// <summary>Tells the bells of people's open pages that something changed for them. Subscribers are copied before the call, so one may unsubscribe inside it.</summary>
public sealed class NotificationNotifier
{
    private readonly Lock gate = new();
    private readonly List<(string UserId, Action OnChanged)> subscribers = [];

    public IDisposable Subscribe(string userId, Action onChanged)
    {
        var entry = (userId, onChanged);
        lock (gate)
            subscribers.Add(entry);
        return new Subscription(this, entry);
    }

    public void Changed(IReadOnlyCollection<string> userIds)
    {
        Action[] copy;
        lock (gate)
            copy = [.. subscribers.Where(s => userIds.Contains(s.UserId)).Select(s => s.OnChanged)];
        foreach (var subscriber in copy)
            subscriber();
    }

    private sealed class Subscription(NotificationNotifier owner, (string UserId, Action OnChanged) entry) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.gate)
                owner.subscribers.Remove(entry);
        }
    }
}
