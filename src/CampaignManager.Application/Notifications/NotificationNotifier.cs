namespace CampaignManager.Application.Notifications;

/// <summary>Tells the bells of people's open pages that something changed for them. Subscribers are copied before the call, so one may unsubscribe inside it,
/// and told in the language in which they subscribed.</summary>
public sealed class NotificationNotifier
{
    private readonly Lock gate = new();
    private readonly List<(string UserId, Action<string> OnChanged)> subscribers = [];

    public IDisposable Subscribe(string userId, Action onChanged)
    {
        var entry = (userId, ReaderCulture.Keep<string>(_ => onChanged()));
        lock (gate)
            subscribers.Add(entry);
        return new Subscription(this, entry);
    }

    public void Changed(IReadOnlyCollection<string> userIds)
    {
        (string UserId, Action<string> OnChanged)[] copy;
        lock (gate)
            copy = [.. subscribers.Where(s => userIds.Contains(s.UserId))];
        foreach (var (userId, onChanged) in copy)
            onChanged(userId);
    }

    private sealed class Subscription(NotificationNotifier owner, (string UserId, Action<string> OnChanged) entry) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.gate)
                owner.subscribers.Remove(entry);
        }
    }
}
