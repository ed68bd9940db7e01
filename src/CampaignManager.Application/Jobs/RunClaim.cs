using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Jobs;

/// <summary>
/// What a worker holds while it is at a run, or at one part of it: the attempt by which it was claimed. A worker that stalls for longer
/// than <see cref="JobNode.DeadAfter"/> loses it, because another one takes the work up as the next attempt; when it wakes, whatever it
/// wants to write or publish is refused with <see cref="ClaimLostException"/>. The claim goes along with the asynchronous flow, so that the
/// lake and the models' store ask it and no job has to.
/// </summary>
public sealed class RunClaim(IDbContextFactory<AppDbContext> contexts, Guid runId, int attempt, (string Work, int Number)? part = null)
{
    private static readonly AsyncLocal<RunClaim?> Ambient = new();

    /// <summary>Null where no job is at work: a page, a command, a test.</summary>
    public static RunClaim? Current => Ambient.Value;

    /// <summary>Fires when the work of this flow is to stop; never where no job is at work.</summary>
    public static CancellationToken Stopping => Ambient.Value?.Stop ?? CancellationToken.None;

    /// <summary>Fires when somebody cancels the run, or the host goes down.</summary>
    public CancellationToken Stop { get; init; }

    public Guid RunId => runId;

    public int Attempt => attempt;

    /// <summary>From here to the end of the calling method, everything is done under this claim.</summary>
    internal void Enter() => Ambient.Value = this;

    /// <summary>
    /// Does what makes a result visible (a rename) only while the claim holds. Beside PostgreSQL the row stays locked until it is done, so
    /// nobody can take the work up in the middle. What is done here must be short, and must not report progress.
    /// </summary>
    /// <exception cref="ClaimLostException">Another worker has taken the work up.</exception>
    public static void Publish(Action publish)
    {
        if (Current is not { } claim)
        {
            publish();
            return;
        }

        using var context = claim.Contexts.CreateDbContext();
        using var transaction = context.Database.IsNpgsql() ? context.Database.BeginTransaction() : null;
        claim.Check(transaction is null ? claim.Held(context).Count() : claim.Lock(context));
        publish();
        if (transaction is null)
            return;
        // No heartbeat came through while the row was locked.
        claim.Beat(context);
        transaction.Commit();
    }

    /// <summary>Call first in the transaction that writes a result: it locks the claim until the commit.</summary>
    /// <exception cref="ClaimLostException">Another worker has taken the work up.</exception>
    public static async Task HoldAsync(AppDbContext context, CancellationToken cancellationToken)
    {
        if (Current is { } claim)
            claim.Check(await claim.LockAsync(context, cancellationToken));
    }

    private IDbContextFactory<AppDbContext> Contexts => contexts;

    internal IQueryable<JobRun> OwnRun(AppDbContext context) =>
        context.JobRuns.Where(r => r.Id == runId && r.State == JobState.Running && r.Attempt == attempt);

    // A part stays its worker's while the run itself changes hands, until the run has ended.
    private IQueryable<JobPart> OwnPart(AppDbContext context, string work, int number) => context.JobParts
        .Where(p => p.RunId == runId && p.Work == work && p.Number == number && p.State == JobPartState.Running && p.Attempt == attempt)
        .Where(p => context.Set<JobRun>().Any(r => r.Id == runId && (r.State == JobState.Running || r.State == JobState.Queued)));

    private IQueryable<int> Held(AppDbContext context) =>
        part is var (work, number) ? OwnPart(context, work, number).Select(p => p.Attempt) : OwnRun(context).Select(r => r.Attempt);

    private int Lock(AppDbContext context) => part is var (work, number)
        ? OwnPart(context, work, number).ExecuteUpdate(s => s.SetProperty(p => p.Attempt, attempt))
        : OwnRun(context).ExecuteUpdate(s => s.SetProperty(r => r.Attempt, attempt));

    private Task<int> LockAsync(AppDbContext context, CancellationToken cancellationToken) => part is var (work, number)
        ? OwnPart(context, work, number).ExecuteUpdateAsync(s => s.SetProperty(p => p.Attempt, attempt), cancellationToken)
        : OwnRun(context).ExecuteUpdateAsync(s => s.SetProperty(r => r.Attempt, attempt), cancellationToken);

    private void Beat(AppDbContext context)
    {
        if (part is var (work, number))
        {
            context.Database.ExecuteSql(
                $"""
                UPDATE "JobParts" SET "HeartbeatAt" = clock_timestamp() WHERE "RunId" = {runId} AND "Work" = {work} AND "Number" = {number}
                """);
        }
        else
        {
            context.Database.ExecuteSql($"""UPDATE "JobRuns" SET "HeartbeatAt" = clock_timestamp() WHERE "Id" = {runId}""");
        }
    }

    internal void Check(int rows)
    {
        if (rows != 1)
            throw new ClaimLostException(runId, attempt);
    }
}

/// <summary>The worker was taken for dead and another one does its work: nothing more is to be written.</summary>
public sealed class ClaimLostException(Guid runId, int attempt)
    : Exception($"Attempt {attempt} of run {runId} is no longer this worker's: another one has taken it up.");
