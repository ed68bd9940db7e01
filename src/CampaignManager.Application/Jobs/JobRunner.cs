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
    JobNode node,
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

        using var here = cancellations.Register(runId, shutdown);
        var claim = new RunClaim(contexts, runId, run.Attempt) { Stop = here.Token };
        claim.Enter();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var job = scope.ServiceProvider.GetRequiredKeyedService<IJob>(run.Kind);
            var result = await job.RunAsync(new JobContext(run, contexts, notifier, time, claim), here.Token);
            await FinishAsync(run, JobState.Succeeded, null, result);
        }
        catch (ClaimLostException lost)
        {
            logger.LogWarning("{Message}", lost.Message);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // The host is going down: another node goes on at once where there are several, else the next start does.
            await HandBackAsync(run);
            throw;
        }
        catch (OperationCanceledException) when (here.Token.IsCancellationRequested)
        {
            await FinishAsync(run, JobState.Cancelled, null, null);
        }
        catch (JobFailedException failure)
        {
            logger.LogWarning("Job {Kind} {RunId} failed: {Message}", run.Kind, runId, failure.Message);
            await FinishAsync(run, JobState.Failed, failure.Message, null, failure.Sentence);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Job {Kind} {RunId} failed", run.Kind, runId);
            var told = Told(exception, runId);
            await FinishAsync(run, JobState.Failed, told?.Text ?? exception.Message, null, told);
            throw;
        }
    }

    /// <summary>What the page may say: statements and paths of the machine are for the log alone.</summary>
    private static JobSentence? Told(Exception fault, Guid run) =>
        DiskFull.IsMeantBy(fault)
            ? JobSentence.Of("disk-full", $"The server's disk is full or cannot be written. Make room and run it again.")
        : fault is DuckDB.NET.Data.DuckDBException or InvalidDataException
            ? JobSentence.Of("lake-damaged", $"A file of the lake is damaged or missing. The log says which one, under run {run}.")
        : fault is System.Data.Common.DbException or DbUpdateException or IOException or UnauthorizedAccessException
            ? JobSentence.Of("unexpected", $"Something went wrong on our side. The log says what, under run {run}.")
        : null;

    private async Task<JobRun?> ClaimAsync(Guid runId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.JobRuns.Where(r => r.Id == runId && r.State == JobState.Queued && r.CancelRequested)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.State, JobState.Cancelled).SetProperty(r => r.FinishedAt, now), cancellationToken);
        var beat = await context.NowAsync(time, cancellationToken);
        var claimed = await context.JobRuns.Where(r => r.Id == runId && r.State == JobState.Queued)
            .ExecuteUpdateAsync(
                s => s.SetProperty(r => r.State, JobState.Running).SetProperty(r => r.StartedAt, now).SetProperty(r => r.Attempt, r => r.Attempt + 1)
                    .SetProperty(r => r.Node, node.Id).SetProperty(r => r.HeartbeatAt, beat)
                    .SetProperty(r => r.Error, (string?)null).SetProperty(r => r.ErrorSentence, (string?)null),
                cancellationToken);
        notifier.Changed(runId);
        return claimed == 1 ? await context.JobRuns.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == runId && r.Node == node.Id, cancellationToken) : null;
    }

    private static IQueryable<JobRun> Claimed(AppDbContext context, JobRun run) =>
        context.JobRuns.Where(r => r.Id == run.Id && r.State == JobState.Running && r.Attempt == run.Attempt);

    /// <summary>Beside SQLite the row stays "running": the next start of the one process knows that nobody is at it.</summary>
    private async Task HandBackAsync(JobRun run)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        if (!context.Database.IsNpgsql())
            return;
        // Hangfire puts its own job back into the queue, where the next worker finds the run queued.
        await Claimed(context, run).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, JobState.Queued).SetProperty(r => r.Node, (Guid?)null)
                .SetProperty(r => r.HeartbeatAt, (DateTime?)null), CancellationToken.None);
        notifier.Changed(run.Id);
    }

    private async Task FinishAsync(JobRun run, JobState state, string? error, object? result, JobSentence? sentence = null)
    {
        var said = sentence?.ToJson();
        var now = time.GetUtcNow().UtcDateTime;
        var json = result is null ? null : JsonSerializer.Serialize(result, JsonSerializerOptions.Web);
        // Not cancellable: the outcome must be written even when the token has fired.
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        var finished = await Claimed(context, run).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.State, state).SetProperty(r => r.FinishedAt, now).SetProperty(r => r.Error, error)
                .SetProperty(r => r.ErrorSentence, said)
                .SetProperty(r => r.Result, json).SetProperty(r => r.Progress, r => state == JobState.Succeeded ? 1 : r.Progress),
            CancellationToken.None);
        if (finished == 0)
            logger.LogWarning("Attempt {Attempt} of run {RunId} ended as {State} after another worker had taken it up",
                run.Attempt, run.Id, state);
        else
            await context.JobParts.Where(p => p.RunId == run.Id).ExecuteDeleteAsync(CancellationToken.None);
        notifier.Changed(run.Id);
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

    internal JobFailedException(JobSentence sentence)
        : base(sentence.Text) => Sentence = sentence;

    public JobSentence Sentence { get; }
}
