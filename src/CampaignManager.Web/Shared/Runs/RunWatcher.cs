using CampaignManager.Application.Jobs;
using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Shared.Runs;

/// <summary>A component that watches job runs: those it shows, not all of the shop.</summary>
public abstract class RunWatcher : LiveComponent
{
    private readonly Dictionary<Guid, IDisposable> watched = [];
    private IDisposable? every;

    [Inject]
    private JobNotifier Notifier { get; set; } = default!;

    /// <summary>A watched run has changed; called on the component's circuit, which is rendered afterwards.</summary>
    protected abstract Task RunChangedAsync(Guid runId);

    /// <summary>From now on these runs are watched and no others. True when one of them was not before: what was read of it may be
    /// older than its last change, so it is read once more.</summary>
    protected bool Watch(params IEnumerable<Guid?> runs)
    {
        var wanted = runs.OfType<Guid>().ToHashSet();
        foreach (var left in watched.Keys.Except(wanted).ToList())
        {
            watched.Remove(left, out var subscription);
            subscription?.Dispose();
        }

        var added = wanted.Except(watched.Keys).ToList();
        foreach (var run in added)
            watched[run] = Notifier.Subscribe(run, () => Changed(run));
        return added.Count > 0;
    }

    /// <summary>All runs: for lists in which a new one appears.</summary>
    protected void WatchEvery() => every ??= Notifier.Subscribe(Changed);

    private void Changed(Guid run) => Dispatch(async () =>
    {
        await RunChangedAsync(run);
        StateHasChanged();
    });

    protected override void Dispose(bool disposing)
    {
        every?.Dispose();
        foreach (var subscription in watched.Values)
            subscription.Dispose();
        watched.Clear();
        base.Dispose(disposing);
    }
}
