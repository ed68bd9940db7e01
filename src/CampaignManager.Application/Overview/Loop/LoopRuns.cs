using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using CampaignManager.Application.ShopData.Events;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Incoming;
using CampaignManager.Application.ShopData.Quality;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Overview.Loop;

/// <summary>The newest run of each stage's jobs, and when the next one falls due.</summary>
internal sealed class LoopRuns
{
    private static readonly (LoopStage Stage, string[] Kinds)[] Jobs =
    [
        (LoopStage.Data, [ImportShopFilesJob.Kind, TakeFilesJob.Kind, PullSqlJob.Kind, CompactEventsJob.Kind]),
        (LoopStage.Cleaning, [CheckQualityJob.Kind]),
        (LoopStage.Features, [ComputeFeaturesJob.Kind, ComputeSegmentsJob.Kind]),
        (LoopStage.Models, [TrainModelJob.Kind]),
        (LoopStage.Predictions, [ScoreCustomersJob.Kind]),
    ];

    private readonly Dictionary<LoopStage, LoopRun> last = [];
    private readonly Dictionary<LoopStage, DateTime> next = [];

    public LoopRun? LastOf(LoopStage stage) => last.GetValueOrDefault(stage);

    public DateTime? NextOf(LoopStage stage) => next.TryGetValue(stage, out var at) ? at : null;

    /// <summary>One look for all stages: a run a kind, and the schedules.</summary>
    public static async Task<LoopRuns> ReadAsync(AppDbContext context, DateTime now, CancellationToken cancellationToken)
    {
        var kinds = Jobs.SelectMany(j => j.Kinds).ToList();
        var own = context.JobRuns.AsNoTracking().Where(r => kinds.Contains(r.Kind));
        var newest = own.GroupBy(r => r.Kind).Select(g => g.Max(r => r.CreatedAt));
        var runs = await own.Where(r => newest.Contains(r.CreatedAt))
            .Select(r => new LoopRun(r.Id, r.Kind, r.State, r.FinishedAt ?? r.StartedAt ?? r.CreatedAt)).ToListAsync(cancellationToken);
        var schedules = await context.Schedules.AsNoTracking().Where(s => !s.Paused && kinds.Contains(s.Kind)).ToListAsync(cancellationToken);
        var found = new LoopRuns();
        foreach (var (stage, of) in Jobs)
        {
            if (runs.Where(r => of.Contains(r.Kind)).MaxBy(r => (r.At, r.Id)) is { } run)
                found.last[stage] = run;
            if (schedules.Where(s => of.Contains(s.Kind)).Select(s => ScheduleList.NextOf(s, now)).Min() is { } due)
                found.next[stage] = due;
        }

        return found;
    }
}
