using System.Collections.Concurrent;
using CampaignManager.Application.Data;

namespace CampaignManager.Application.Jobs;

/// <summary>Tokens of the runs that this process is at, as a whole or with some of their parts.</summary>
public sealed class JobCancellations : IDisposable
{
    /// <summary>The id of a run that somebody wants stopped. Who is not told hears of it with the next heartbeat.</summary>
    public const string Topic = "cancel";

    private readonly INews news;
    private readonly IDisposable listening;
    private readonly ConcurrentDictionary<RunHere, Guid> running = new();

    public JobCancellations(INews? news = null)
    {
        this.news = news ?? new LocalNews();
        listening = this.news.Listen(Topic, id =>
        {
            if (Guid.TryParse(id, out var run))
                Cancel(run);
        });
    }

    /// <summary>The runs this process is at.</summary>
    public IReadOnlyCollection<Guid> Runs => [.. running.Values.Distinct()];

    /// <summary>Dispose when the work here is over.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="shutdown">Of the host.</param>
    /// <param name="helping">Only some parts of it are done here; another process holds the run.</param>
    public RunHere Register(Guid runId, CancellationToken shutdown, bool helping = false)
    {
        var here = new RunHere(this, helping, shutdown);
        running[here] = runId;
        return here;
    }

    /// <summary>Stops all work on a run, on whatever node.</summary>
    public void CancelEverywhere(Guid runId) => news.Tell(Topic, runId.ToString());

    public void Dispose() => listening.Dispose();

    /// <summary>Stops all work on a run in this process.</summary>
    public void Cancel(Guid runId) => Stop(runId, helping: true);

    /// <summary>Stops the run itself, because another process has taken it up; help with its parts goes on.</summary>
    public void Lose(Guid runId) => Stop(runId, helping: false);

    private void Stop(Guid runId, bool helping)
    {
        foreach (var (here, id) in running)
        {
            if (id == runId && (helping || !here.Helping))
                here.Cancel();
        }
    }

    /// <summary>A run that this process is at.</summary>
    public sealed class RunHere : IDisposable
    {
        private readonly JobCancellations owner;
        private readonly CancellationTokenSource source;
        private readonly Lock gate = new();
        private bool over;

        internal RunHere(JobCancellations owner, bool helping, CancellationToken shutdown)
        {
            (this.owner, Helping) = (owner, helping);
            source = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
            Token = source.Token;
        }

        public CancellationToken Token { get; }

        internal bool Helping { get; }

        public void Dispose()
        {
            owner.running.TryRemove(this, out _);
            lock (gate)
            {
                over = true;
                source.Dispose();
            }
        }

        internal void Cancel()
        {
            lock (gate)
            {
                if (!over)
                    source.Cancel();
            }
        }
    }
}
