namespace CampaignManager.Application.Data;

/// <summary>
/// What has changed, told to every node that keeps something of it in memory or on a page. Told after the change is committed, ids only:
/// who wants to know more reads.
/// </summary>
public interface INews
{
    /// <param name="topic">Kebab-case, without blanks; the constant stands beside who listens.</param>
    /// <param name="id">What changed, without line breaks.</param>
    void Tell(string topic, string id);

    /// <param name="topic">What to hear of.</param>
    /// <param name="onTold">Told the id; null when news may have been missed, so that all is to be read again. Must be quick.</param>
    IDisposable Listen(string topic, Action<string?> onTold);
}

/// <summary>News in one process: beside SQLite there is no other.</summary>
public sealed class LocalNews : INews
{
    private readonly Lock gate = new();
    private readonly List<(string Topic, Action<string?> OnTold)> listeners = [];

    public void Tell(string topic, string id) => Deliver(topic, id);

    public IDisposable Listen(string topic, Action<string?> onTold)
    {
        var entry = (topic, onTold);
        lock (gate)
            listeners.Add(entry);
        return new Subscription(this, entry);
    }

    /// <summary>To all who listen; copied before the calls, so that one may end its listening inside.</summary>
    /// <param name="topic">Null for all.</param>
    /// <param name="id">Null when anything may have changed.</param>
    /// <param name="onFault">Hears what a listener did wrong, and the others are told all the same; null lets whoever tells have
    /// it.</param>
    internal void Deliver(string? topic, string? id, Action<Exception>? onFault = null)
    {
        (string Topic, Action<string?> OnTold)[] copy;
        lock (gate)
            copy = [.. listeners];
        foreach (var (wanted, onTold) in copy)
        {
            if (topic is not null && wanted != topic)
                continue;
            try
            {
                onTold(id);
            }
            catch (Exception exception) when (onFault is not null)
            {
                onFault(exception);
            }
        }
    }

    private sealed class Subscription(LocalNews owner, (string Topic, Action<string?> OnTold) entry) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.gate)
                owner.listeners.Remove(entry);
        }
    }
}
