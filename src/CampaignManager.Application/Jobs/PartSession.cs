using System.Text.Json;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

/// <summary>One node at one run's parts: takes one after another until none is left to take.</summary>
internal sealed class PartSession(
    IServiceScopeFactory scopes, IDbContextFactory<AppDbContext> contexts, PartsAtWork atWork, JobNode node,
        TimeProvider time, ILogger logger, Guid runId, string work)
    : IAsyncDisposable
{
    private AsyncServiceScope? scope;
    private IJobPart? job;

    /// <returns>How many it took.</returns>
    public async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        // The first is claimed before anything is opened: often there is none.
        if (await ClaimAsync(cancellationToken) is not { } first)
            return 0;
        scope ??= scopes.CreateAsyncScope();
        job ??= scope.Value.ServiceProvider.GetRequiredKeyedService<IJobPart>(work);
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, job.AtOnce).Select(lane => Task.Run(async () =>
        {
            var part = lane == 0 ? first : await ClaimAsync(cancellationToken);
            for (; part is not null; part = await ClaimAsync(cancellationToken))
            {
                Interlocked.Increment(ref taken);
                await ExecuteAsync(job, part, cancellationToken);
            }
        }, CancellationToken.None)));
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        if (scope is { } opened)
            await opened.DisposeAsync();
    }

    internal static string? Json(object? result) => result is null ? null
        : JsonSerializer.Serialize(result, result.GetType(), JsonSerializerOptions.Web);

    /// <summary>
    /// The lowest part that nobody is at, or whose worker is dead; null when there is none, or one has failed, or the run has ended.
    /// </summary>
    private async Task<JobPart?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = await context.NowAsync(time, cancellationToken);
            var free = Free(context, now).AsNoTracking().Where(p => p.RunId == runId && p.Work == work).OrderBy(p => p.Number);
            if (await free.FirstOrDefaultAsync(cancellationToken) is not { } part)
                return null;
            var attempt = part.Attempt + 1;
            var claimed = await context.JobParts
                .Where(p => p.RunId == runId && p.Work == work && p.Number == part.Number && p.State == part.State
                    && p.Attempt == part.Attempt)
                .ExecuteUpdateAsync(
                    s => s.SetProperty(p => p.State, JobPartState.Running).SetProperty(p => p.Attempt, attempt)
                        .SetProperty(p => p.Node, node.Id).SetProperty(p => p.HeartbeatAt, now),
                    cancellationToken);
            // None where another one was quicker: then the next.
            if (claimed == 1)
            {
                part.Attempt = attempt;
                return part;
            }
        }
    }

    /// <summary>Parts that may be begun.</summary>
    internal static IQueryable<JobPart> Free(AppDbContext context, DateTime now)
    {
        var dead = now - JobNode.DeadAfter;
        var parts = context.JobParts;
        return parts.Where(p => p.State == JobPartState.Waiting || (p.State == JobPartState.Running && p.HeartbeatAt < dead))
            .Where(p => !parts.Any(f => f.RunId == p.RunId && f.Work == p.Work && f.State == JobPartState.Failed))
            .Where(p => context.Set<JobRun>().Any(r => r.Id == p.RunId && !r.CancelRequested
                && (r.State == JobState.Running || r.State == JobState.Queued)));
    }

    private async Task ExecuteAsync(IJobPart worker, JobPart part, CancellationToken cancellationToken)
    {
        atWork.Begin(runId, work, part.Number);
        new RunClaim(contexts, runId, part.Attempt, (work, part.Number)) { Stop = cancellationToken }.Enter();
        try
        {
            var result = await worker.RunAsync(new PartContext(runId, part.Number, part.Attempt, part.Arguments), cancellationToken);
            await EndAsync(part, JobPartState.Done, Json(result), null, null);
        }
        catch (ClaimLostException lost)
        {
            logger.LogWarning("Part {Number} of {Work}: {Message}", part.Number, work, lost.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // For the next attempt, or for another node.
            await EndAsync(part, JobPartState.Waiting, null, null, null);
            throw;
        }
        catch (JobFailedException failure)
        {
            await EndAsync(part, JobPartState.Failed, null, failure.Message, failure.Sentence.ToJson());
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Part {Number} of {Work} of run {RunId} failed", part.Number, work, runId);
            await EndAsync(part, JobPartState.Failed, null, exception.Message, null);
        }
        finally
        {
            atWork.End(runId, work, part.Number);
        }
    }

    private async Task EndAsync(JobPart part, JobPartState state, string? result, string? error, string? sentence)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        await context.JobParts.Where(p => p.RunId == runId && p.Work == work && p.Number == part.Number
            && p.State == JobPartState.Running && p.Attempt == part.Attempt)
            .ExecuteUpdateAsync(
                s => s.SetProperty(p => p.State, state).SetProperty(p => p.Result, result)
                    .SetProperty(p => p.Error, error).SetProperty(p => p.ErrorSentence, sentence)
                    .SetProperty(p => p.Node, (Guid?)null).SetProperty(p => p.HeartbeatAt, (DateTime?)null),
                CancellationToken.None);
    }
}
