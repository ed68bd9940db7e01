using System.Diagnostics;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Benchmarks;

/// <summary>Most memory this process holds in every stage of the jobs it runs, by watching it a few times a second.</summary>
internal sealed class StagePeaks : IDisposable
{
    private readonly IDbContextFactory<AppDbContext> contexts;
    private readonly IDisposable subscription;
    private readonly Lock gate = new();
    private readonly List<(string Stage, double Megabytes, double Live)> peaks = [];
    private readonly Timer timer;
    private string stage = "";

    public StagePeaks(BenchRoom room)
    {
        contexts = room.Get<IDbContextFactory<AppDbContext>>();
        subscription = room.Get<JobNotifier>().Subscribe(Changed);
        timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    /// <summary>"stage 812 MB, stage 1,024 MB ..." in order; in brackets the highest of what the collector counted as in use.</summary>
    public override string ToString()
    {
        lock (gate)
            return string.Join(", ", peaks.Select(p => FormattableString.Invariant($"{p.Stage} {p.Megabytes:0} ({p.Live:0})")));
    }

    public void Dispose()
    {
        timer.Dispose();
        subscription.Dispose();
    }

    private void Changed(Guid run)
    {
        using var context = contexts.CreateDbContext();
        var at = context.JobRuns.Where(r => r.Id == run).Select(r => r.Stage).SingleOrDefault();
        lock (gate)
        {
            if (at is null || at == stage)
                return;
            stage = at;
            peaks.Add((at, 0, 0));
        }

        Look();
    }

    private void Look()
    {
        using var self = Process.GetCurrentProcess();
        var (held, live) = (self.WorkingSet64 / 1e6, GC.GetTotalMemory(false) / 1e6);
        lock (gate)
        {
            if (peaks.Count > 0)
                peaks[^1] = (peaks[^1].Stage, Math.Max(peaks[^1].Megabytes, held), Math.Max(peaks[^1].Live, live));
        }
    }
}
