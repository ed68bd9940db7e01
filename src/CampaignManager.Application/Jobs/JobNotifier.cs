using CampaignManager.Application.Data;

namespace CampaignManager.Application.Jobs;

/// <summary>
/// Tells watching pages, on every node, that a run changed. Subscribers are copied before the call, so one may unsubscribe inside it, and
/// told in the language in which they subscribed.
/// </summary>
public sealed class JobNotifier : IDisposable
{
    /// <summary>The run's id.</summary>
    public const string Topic = "run";

    private readonly Lock gate = new();
    private readonly HashSet<Subscription> all = [];
    private readonly Dictionary<Guid, HashSet<Subscription>> byRun = [];
    private readonly INews news;
    private readonly IDisposable listening;

    public JobNotifier(INews? news = null)
    {
        this.news = news ?? new LocalNews();
        listening = this.news.Listen(Topic, Told);
    }

    /// <summary>To hear of one run.</summary>
    public IDisposable Subscribe(Guid runId, Action onChanged) =>
        Add(new Subscription(this, runId, ReaderCulture.Keep<Guid>(_ => onChanged())));

    /// <summary>To hear of every run, by its id; of <see cref="Guid.Empty"/> when any may have changed.</summary>
    public IDisposable Subscribe(Action<Guid> onChanged) => Add(new Subscription(this, null, ReaderCulture.Keep(onChanged)));

    public void Changed(Guid runId) => news.Tell(Topic, runId.ToString());

    public void Dispose() => listening.Dispose();

    private void Told(string? id)
    {
        var run = Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty;
        Subscription[] copy;
        lock (gate)
            copy = [.. all, .. run == Guid.Empty ? byRun.Values.SelectMany(s => s) : byRun.GetValueOrDefault(run) ?? []];
        foreach (var subscription in copy)
            subscription.OnChanged(subscription.RunId ?? run);
    }

    private Subscription Add(Subscription subscription)
    {
        lock (gate)
        {
            if (subscription.RunId is not { } run)
                all.Add(subscription);
            else if (byRun.TryGetValue(run, out var watching))
                watching.Add(subscription);
            else
                byRun[run] = [subscription];
        }

        return subscription;
    }

    private sealed class Subscription(JobNotifier owner, Guid? runId, Action<Guid> onChanged) : IDisposable
    {
        public Guid? RunId => runId;

        public Action<Guid> OnChanged => onChanged;

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.all.Remove(this);
                if (runId is { } run && owner.byRun.TryGetValue(run, out var watching) && watching.Remove(this) && watching.Count == 0)
                    owner.byRun.Remove(run);
            }
        }
    }
}
