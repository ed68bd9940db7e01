using System.Collections.Concurrent;
using System.Text.Json;
using CampaignManager.Application.Data;
using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CampaignManager.Application.Jobs;

/// <summary>What Hangfire calls: claims a run, runs its job in a scope of its own, and writes down how it ended.</summary>
public sealed class JobRunner(
    IServiceScopeFactory scopes,
    IDbContextFactory<AppDbContext> contexts,
    JobNotifier notifier,
    JobCancellations cancellations,
    TimeProvider time,
    ILogger<JobRunner> logger)
{
    // Our own rows decide about a second try: an automatic one by Hangfire would hide the failure from the page.
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("{0}")]
    public async Task ExecuteAsync(Guid runId, CancellationToken shutdown)
    {
        if (await ClaimAsync(runId, shutdown) is not { } run)
            return;

        using var cancel = cancellations.Register(runId, shutdown);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var job = scope.ServiceProvider.GetRequiredKeyedService<IJob>(run.Kind);
            var result = await job.RunAsync(new JobContext(run, contexts, notifier, time), cancel.Token);
            await FinishAsync(runId, JobState.Succeeded, null, result);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // The host is going down: the row stays "running", and the next start enqueues it again.
            throw;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await FinishAsync(runId, JobState.Cancelled, null, null);
        }
        catch (JobFailedException failure)
        {
            logger.LogWarning("Job {Kind} {RunId} failed: {Message}", run.Kind, runId, failure.Message);
            await FinishAsync(runId, JobState.Failed, failure.Message, null, failure.Sentence);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Job {Kind} {RunId} failed", run.Kind, runId);
            await FinishAsync(runId, JobState.Failed, exception.Message, null);
            throw;
        }
    }

    private async Task<JobRun?> ClaimAsync(Guid runId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.JobRuns.Where(r => r.Id == runId && r.State == JobState.Queued && r.CancelRequested)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Cancelled).SetProperty(r => r.FinishedAt, now), cancellationToken);
        var claimed = await context.JobRuns.Where(r => r.Id == runId && r.State == JobState.Queued)
            .ExecuteUpdateAsync(
                s => s.SetProperty(r => r.State, JobState.Running).SetProperty(r => r.StartedAt, now).SetProperty(r => r.Attempt, r => r.Attempt + 1)
                    .SetProperty(r => r.Error, (string?)null).SetProperty(r => r.ErrorSentence, (string?)null),
                cancellationToken);
        notifier.Changed(runId);
        return claimed == 1 ? await context.JobRuns.AsNoTracking().SingleAsync(r => r.Id == runId, cancellationToken) : null;
    }

    private async Task FinishAsync(Guid runId, JobState state, string? error, object? result, JobSentence? sentence = null)
    {
        var said = sentence?.ToJson();
        var now = time.GetUtcNow().UtcDateTime;
        var json = result is null ? null : JsonSerializer.Serialize(result, JsonSerializerOptions.Web);
        // Not cancellable: the outcome must be written even when the token has fired.
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        await context.JobRuns.Where(r => r.Id == runId).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, state).SetProperty(r => r.FinishedAt, now).SetProperty(r => r.Error, error).SetProperty(r => r.ErrorSentence, said).SetProperty(r => r.Result, json)
                .SetProperty(r => r.Progress, r => state == JobState.Succeeded ? 1 : r.Progress),
            CancellationToken.None);
        notifier.Changed(runId);
    }
}

/// <summary>A failure a person can act on: the page says its sentence.</summary>
public sealed class JobFailedException : Exception
{
    /// <param name="code">Of the sentence.</param>
    /// <param name="text">The sentence in English, its values as holes.</param>
    public JobFailedException(string code, FormattableString text)
        : this(JobSentence.Of(code, text))
    {
    }

    private JobFailedException(JobSentence sentence)
        : base(sentence.Text) => Sentence = sentence;

    public JobSentence Sentence { get; }
}

/// <summary>Tokens of the runs executing in this process.</summary>
public sealed class JobCancellations
{
    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> running = new();

    public CancellationTokenSource Register(Guid runId, CancellationToken shutdown)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        running[runId] = source;
        return source;
    }

    public void Cancel(Guid runId)
    {
        if (!running.TryRemove(runId, out var source))
            return;
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended in the same moment: nothing left to cancel.
        }
    }
}
