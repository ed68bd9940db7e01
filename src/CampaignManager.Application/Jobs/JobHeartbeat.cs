using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

/// <summary>
/// Says again and again that this worker is at its runs and parts, hears who wants them cancelled, lets go of what others have taken up,
/// and takes up what dead nodes left.
/// </summary>
public sealed class JobHeartbeat(
    IDbContextFactory<AppDbContext> contexts, JobCancellations cancellations, PartsAtWork parts,
    JobTakeover takeover, JobNode node, TimeProvider time,
    ILogger<JobHeartbeat> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(JobNode.BeatEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await BeatAsync(stoppingToken);
                    await SweepAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // A database that is away for a moment: the next beat tells more.
                    logger.LogWarning(exception, "A heartbeat of the jobs failed");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is going down.
        }
    }

    /// <summary>One heartbeat.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        var runs = cancellations.Runs;
        if (runs.Count == 0)
            return;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (context.Database.IsNpgsql())
            await MarkAsync(context, runs, cancellationToken);

        foreach (var run in await context.JobRuns.Where(r => runs.Contains(r.Id))
            .Select(r => new { r.Id, r.State, r.Node, r.CancelRequested }).ToListAsync(cancellationToken))
        {
            if (run.CancelRequested || run.State is not (JobState.Running or JobState.Queued))
                cancellations.Cancel(run.Id);
            else if (run.State != JobState.Running || run.Node != node.Id)
                cancellations.Lose(run.Id);
        }
    }

    /// <summary>
    /// Rows that a worker of this node has locked to publish are passed over: nobody takes those up, and the publishing itself marks them.
    /// </summary>
    private async Task MarkAsync(AppDbContext context, IReadOnlyCollection<Guid> runs, CancellationToken cancellationToken)
    {
        var ids = runs.ToArray();
        await context.Database.ExecuteSqlAsync(
            $"""
            UPDATE "JobRuns" SET "HeartbeatAt" = clock_timestamp() WHERE "Id" IN (
                SELECT "Id" FROM "JobRuns" WHERE "Node" = {node.Id} AND "State" = 'Running' AND "Id" = ANY({ids}) FOR UPDATE SKIP LOCKED)
            """, cancellationToken);
        foreach (var (runId, work, numbers) in parts.List())
        {
            await context.Database.ExecuteSqlAsync(
                $"""
                UPDATE "JobParts" SET "HeartbeatAt" = clock_timestamp() WHERE "RunId" = {runId} AND "Work" = {work} AND "Number" IN (
                    SELECT "Number" FROM "JobParts"
                    WHERE "RunId" = {runId} AND "Work" = {work} AND "Node" = {node.Id} AND "State" = 'Running' AND "Number" = ANY({numbers})
                    FOR UPDATE SKIP LOCKED)
                """, cancellationToken);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (context.Database.IsNpgsql() && await takeover.TakeUpAsync(cancellationToken) is > 0 and var taken)
            logger.LogInformation("Queued {Count} runs again that a dead node had left", taken);
    }
}
