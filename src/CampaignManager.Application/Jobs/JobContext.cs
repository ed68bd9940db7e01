using System.Text.Json;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs;

/// <summary>A job: may run twice without harm, stops at its token, reports where it is.</summary>
public interface IJob
{
    /// <returns>What came out, stored as JSON on the run; null for nothing.</returns>
    Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken);
}

/// <summary>What a running job sees of its run: its arguments, and where to report progress.</summary>
/// <param name="claim">By which the run is executed: progress and log lines of a worker that has lost it are refused. Null where a test runs a job by hand.</param>
public sealed class JobContext(JobRun run, IDbContextFactory<AppDbContext> contexts, JobNotifier notifier, TimeProvider time, RunClaim? claim = null)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan SilentAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private long lastReport;
    private long lastLine = time.GetTimestamp();
    private double share;
    private JobStage? stage;

    public Guid RunId => run.Id;

    public string? RequestedById => run.RequestedById;

    /// <summary>UTC; stays the same when the run starts again.</summary>
    public DateTime RequestedAt => run.CreatedAt;

    /// <summary>How often this run has been started: above 1 after a crash.</summary>
    public int Attempt => run.Attempt;

    public T Arguments<T>() => JsonSerializer.Deserialize<T>(run.Arguments, JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException($"Run {run.Id} has no arguments.");

    /// <summary>Reports the stage and the whole run's progress (0..1). Writes at most a few times a second unless the stage changes.</summary>
    public async Task ReportAsync(JobStage at, double progress, CancellationToken cancellationToken)
    {
        Volatile.Write(ref share, progress);
        var now = time.GetTimestamp();
        if (at == stage && lastReport != 0 && time.GetElapsedTime(lastReport, now) < ReportEvery)
            return;
        lastReport = now;
        stage = at;
        var stageName = at.Name();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = claim is null ? context.JobRuns.Where(r => r.Id == run.Id) : claim.OwnRun(context);
        var reported = await runs.ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Stage, stageName).SetProperty(r => r.Progress, Math.Clamp(progress, 0, 1)), cancellationToken);
        claim?.Check(reported);
        notifier.Changed(run.Id);
    }

    /// <summary>Adds a line to the run's log.</summary>
    public async Task LogAsync(JobSentence sentence, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await EnsureClaimedAsync(context, cancellationToken);
        context.JobLogLines.Add(new JobLogLine { JobRunId = run.Id, At = time.GetUtcNow().UtcDateTime, Text = sentence.Text, Sentence = sentence.ToJson() });
        await context.SaveChangesAsync(cancellationToken);
        Volatile.Write(ref lastLine, time.GetTimestamp());
        notifier.Changed(run.Id);
    }

    /// <summary>
    /// Does the work, and says every ten seconds at the latest how far it is: a log that stands still looks like a run that hangs.
    /// </summary>
    public async Task<T> NeverSilentAsync<T>(Func<JobContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var speaking = SpeakAsync(done.Token);
        try
        {
            return await work(this, cancellationToken);
        }
        finally
        {
            await done.CancelAsync();
            await speaking;
        }
    }

    private async Task SpeakAsync(CancellationToken done)
    {
        try
        {
            using var timer = new PeriodicTimer(LookEvery, time);
            while (await timer.WaitForNextTickAsync(done))
            {
                if (time.GetElapsedTime(Volatile.Read(ref lastLine)) + LookEvery < SilentAtMost)
                    continue;
                var at = new SentenceValue(stage?.Name() ?? "", SentenceValue.StageKind);
                await LogAsync(JobSentence.Of("still-at-work", $"{at}: {100 * Volatile.Read(ref share):0} % of the run is done."), done);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ClaimLostException)
        {
            // The work is done, cancelled or another's: it says so itself.
        }
    }

    /// <summary>For a job that is about to do what is not to be done twice at once. Files need no asking: the lake and the models' store ask <see cref="RunClaim"/>.</summary>
    /// <exception cref="ClaimLostException">Another worker has taken the run up.</exception>
    public async Task EnsureClaimedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await EnsureClaimedAsync(context, cancellationToken);
    }

    private async Task EnsureClaimedAsync(AppDbContext context, CancellationToken cancellationToken) =>
        claim?.Check(await claim.OwnRun(context).CountAsync(cancellationToken));
}
