using CampaignManager.Application.Data;

namespace CampaignManager.Application.Notifications;

/// <summary>Tells the bells of people's open pages, on every node, that something changed for them. Subscribers are copied before the call, so one may unsubscribe inside it,
/// and told in the language in which they subscribed.</summary>
public sealed class NotificationNotifier : IDisposable
{
    /// <summary>The user's id.</summary>
    public const string Topic = "notices";

    private readonly Lock gate = new();
    private readonly List<(string UserId, Action<string> OnChanged)> subscribers = [];
    private readonly INews news;
    private readonly IDisposable listening;

    public NotificationNotifier(INews? news = null)
    {
        this.news = news ?? new LocalNews();
        listening = this.news.Listen(Topic, Told);
    }

    public IDisposable Subscribe(string userId, Action onChanged)
    {
        var entry = (userId, ReaderCulture.Keep<string>(_ => onChanged()));
        lock (gate)
            subscribers.Add(entry);
        return new Subscription(this, entry);
    }

    public void Changed(IReadOnlyCollection<string> userIds)
    {
        foreach (var id in userIds)
            news.Tell(Topic, id);
    }

    public void Dispose() => listening.Dispose();

    private void Told(string? id)
    {
        (string UserId, Action<string> OnChanged)[] copy;
        lock (gate)
            copy = [.. subscribers.Where(s => id is null || s.UserId == id)];
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
