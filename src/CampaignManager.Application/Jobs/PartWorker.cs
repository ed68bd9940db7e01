using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

/// <summary>Helps with parts of runs that other nodes hold. Only beside PostgreSQL: beside SQLite there is nobody to help.</summary>
public sealed class PartWorker(
    IDbContextFactory<AppDbContext> contexts, JobParts parts, JobCancellations cancellations, INews news,
    TimeProvider time, ILogger<PartWorker> logger) : BackgroundService
{
    // For parts whose worker has died, and for news that were missed.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wanted = new SemaphoreSlim(0, 1);
        using var listening = news.Listen(JobParts.Topic, _ => Wake(wanted));
        await using var timer = time.CreateTimer(_ => Wake(wanted), null, LookEvery, LookEvery);
        try
        {
            while (true)
            {
                await wanted.WaitAsync(stoppingToken);
                try
                {
                    while (await HelpAsync(stoppingToken))
                    {
                    }
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    logger.LogWarning(exception, "Looking for parts to do failed");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is going down; what it was at has been handed back.
        }
    }

    private static void Wake(SemaphoreSlim wanted)
    {
        lock (wanted)
        {
            if (wanted.CurrentCount == 0)
                wanted.Release();
        }
    }

    /// <summary>Does what there is to do of the oldest run that another node holds; false when there is nothing.</summary>
    public async Task<bool> HelpAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not var (runId, work))
            return false;
        using var here = cancellations.Register(runId, cancellationToken, helping: true);
        try
        {
            await using var session = parts.Open(runId, work);
            return await session.TakeAsync(here.Token) > 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The run has ended or is cancelled: nothing to do for it any more.
            return true;
        }
    }

    private async Task<(Guid RunId, string Work)?> FindAsync(CancellationToken cancellationToken)
    {
        // The parts of a run that this node holds are taken by its own job.
        var own = cancellations.Runs;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await context.NowAsync(time, cancellationToken);
        var found = await PartSession.Free(context, now).Where(p => !own.Contains(p.RunId)).OrderBy(p => p.RunId)
            .ThenBy(p => p.Work).ThenBy(p => p.Number)
            .Select(p => new { p.RunId, p.Work }).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.RunId, found.Work);
    }
}
