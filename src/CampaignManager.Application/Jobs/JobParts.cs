using System.Text.Json;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

/// <summary>
/// Cuts a run's work into parts that any worker takes. Use it from a job:
/// <code>
/// services.AddJobPart&lt;ScoreBucketPart&gt;("score-bucket");                        // beside AddJob
/// var buckets = await parts.RunAsync&lt;ScoredBucket&gt;(
///     context, "score-bucket", lake.Buckets, new ScoreBucket(model, basis), share => context.ReportAsync(stage, share, cancel), cancel);
/// </code>
/// <list type="bullet">
/// <item>The parts are rows. The run's own worker takes them in order, <see cref="IJobPart.AtOnce"/> at once; beside PostgreSQL every other
/// worker helps. The run goes on when all are there, with the results in the order of the parts, so that what is made of them does not
/// depend on who did which.</item>
/// <item>A part whose worker dies is taken up by another; so is the run itself, and then parts that are done stay done, as long as the
/// arguments and the number of parts are the same. Put into the arguments all that a part's result hangs on (the moment, hashes of what is
/// read), and nothing that changes from try to try.</item>
/// <item>Files of a part lie where all nodes see them (the lake's folder), under a name made of the run's id and the part's number. Written
/// through the lake they appear whole or not at all, and not from a worker that has lost its part (<see cref="RunClaim"/>). The job removes
/// them when it has put them together.</item>
/// <item>A <see cref="JobFailedException"/> of a part is the run's. After it, and when the run is cancelled, nobody begins a further
/// part.</item>
/// </list>
/// </summary>
public sealed class JobParts(
    IServiceScopeFactory scopes, IDbContextFactory<AppDbContext> contexts, PartsAtWork atWork, JobNode node,
    INews news, TimeProvider time, ILogger<JobParts> logger)
{
    /// <summary>News that a run has parts to do.</summary>
    internal const string Topic = "parts";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>Does the work in parts, here and wherever a worker is free.</summary>
    /// <param name="context">The run; null does all parts here, without rows, for whoever computes outside a run.</param>
    /// <param name="work">Kebab-case name under which the <see cref="IJobPart"/> is registered; once a run.</param>
    /// <param name="count">How many parts.</param>
    /// <param name="arguments">What every part is told.</param>
    /// <param name="report">Told the share done, 0..1; one call at a time.</param>
    /// <param name="cancellationToken">Stops; parts that are done stay done for the next attempt.</param>
    /// <returns>What the parts returned, in their order.</returns>
    public async Task<IReadOnlyList<TResult>> RunAsync<TResult>(
        JobContext? context, string work, int count, object arguments, Func<double, Task> report, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(arguments, arguments.GetType(), JsonSerializerOptions.Web);
        var results = context is null
            ? await HereAsync(work, count, json, report, cancellationToken)
            : await OfRunAsync(context, work, count, json, report, cancellationToken);
        return [.. results.Select(result => result is null ? default!
            : JsonSerializer.Deserialize<TResult>(result, JsonSerializerOptions.Web)!)];
    }

    internal PartSession Open(Guid runId, string work) => new(scopes, contexts, atWork, node, time, logger, runId, work);

    private async Task<IReadOnlyList<string?>> HereAsync(
        string work, int count, string json, Func<double, Task> report, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var part = scope.ServiceProvider.GetRequiredKeyedService<IJobPart>(work);
        var results = new string?[count];
        var done = 0;
        using var reporting = new SemaphoreSlim(1, 1);
        await report(0);
        var several = new ParallelOptions { MaxDegreeOfParallelism = part.AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), several, async (number, stop) =>
        {
            results[number] = PartSession.Json(await part.RunAsync(new PartContext(Guid.Empty, number, 1, json), stop));
            await reporting.WaitAsync(stop);
            try
            {
                await report((double)++done / count);
            }
            finally
            {
                reporting.Release();
            }
        });
        return results;
    }

    private async Task<IReadOnlyList<string?>> OfRunAsync(
        JobContext run, string work, int count, string json, Func<double, Task> report, CancellationToken cancellationToken)
    {
        var runId = run.RunId;
        await LayOutAsync(runId, work, count, json, cancellationToken);
        news.Tell(Topic, runId.ToString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var session = Open(runId, work);
        var mine = session.TakeAsync(stop.Token);
        try
        {
            for (var told = -1; ;)
            {
                var (done, failed) = await LookAsync(runId, work, cancellationToken);
                if (failed is not null)
                    throw failed;
                if (done != told)
                    await report((double)(told = done) / count);
                if (done == count)
                    break;
                if (mine is { IsCompleted: true } && await mine == 0)
                {
                    // Others are at what is left; should one of them die, its part falls to us. Unless it is we who were taken for dead.
                    await run.EnsureClaimedAsync(cancellationToken);
                    await Task.Delay(LookEvery, time, cancellationToken);
                }
                else
                {
                    await Task.WhenAny(mine, Task.Delay(LookEvery, time, cancellationToken));
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (mine.IsCompleted)
                {
                    await mine;
                    mine = session.TakeAsync(stop.Token);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)mine).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.JobParts.Where(p => p.RunId == runId && p.Work == work).OrderBy(p => p.Number)
            .Select(p => p.Result).ToListAsync(cancellationToken);
    }

    private async Task<(int Done, Exception? Failed)> LookAsync(Guid runId, string work, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var parts = context.JobParts.AsNoTracking().Where(p => p.RunId == runId && p.Work == work);
        if (await parts.Where(p => p.State == JobPartState.Failed).OrderBy(p => p.Number)
            .FirstOrDefaultAsync(cancellationToken) is { Error: { } error } failed)
        {
            var said = JobSentence.Read(failed.ErrorSentence, error);
            return (0, said is null ? new InvalidOperationException($"Part {failed.Number} of {work}: {error}")
                : new JobFailedException(said));
        }

        return (await parts.CountAsync(p => p.State == JobPartState.Done, cancellationToken), null);
    }

    /// <summary>Writes the parts down, or finds those of an earlier attempt of the run.</summary>
    private async Task LayOutAsync(Guid runId, string work, int count, string json, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await RunClaim.HoldAsync(context, cancellationToken);
        var parts = context.JobParts.Where(p => p.RunId == runId && p.Work == work);
        var known = await parts.AsNoTracking().OrderBy(p => p.Number).ToListAsync(cancellationToken);
        if (known.Count != count || known.Exists(p => p.Arguments != json))
        {
            // Other work than last time. The attempt is raised, so that whoever is still at the old one writes nothing.
            await parts.Where(p => p.Number >= count).ExecuteDeleteAsync(cancellationToken);
            await ResetAsync(parts, json, cancellationToken);
            var numbers = known.Select(p => p.Number).ToHashSet();
            context.JobParts.AddRange(Enumerable.Range(0, count).Where(n => !numbers.Contains(n))
                .Select(n => new JobPart { RunId = runId, Work = work, Number = n, Arguments = json }));
            await context.SaveChangesAsync(cancellationToken);
        }
        else
        {
            // Nobody is at these any more: beside SQLite the process that was is dead, and this one has just begun.
            var alone = !context.Database.IsNpgsql();
            await ResetAsync(
                parts.Where(p => p.State == JobPartState.Failed || (p.State == JobPartState.Running && (alone || p.Node == node.Id))),
                json, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static Task<int> ResetAsync(IQueryable<JobPart> parts, string json, CancellationToken cancellationToken) =>
        parts.ExecuteUpdateAsync(
            s => s.SetProperty(p => p.State, JobPartState.Waiting).SetProperty(p => p.Attempt, p => p.Attempt + 1)
                .SetProperty(p => p.Arguments, json).SetProperty(p => p.Result, (string?)null).SetProperty(p => p.Error, (string?)null)
                .SetProperty(p => p.ErrorSentence, (string?)null).SetProperty(p => p.Node, (Guid?)null)
                .SetProperty(p => p.HeartbeatAt, (DateTime?)null),
            cancellationToken);
}
