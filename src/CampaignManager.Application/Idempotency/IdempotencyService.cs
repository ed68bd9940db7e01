using System.Data.Common;
using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Idempotency;

/// <summary>Which call it is: the same caller, key and route with another body is a mistake of the caller's.</summary>
public sealed record CallIdentity(string Caller, string Key, string Route, string BodyHash);

/// <summary>What the first call answered.</summary>
public sealed record CallAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body);

/// <summary>What to do with a call: run it (then finish or abandon <see cref="ClaimId"/>), repeat <see cref="Answer"/>, or refuse with <see cref="Failure"/>.</summary>
public sealed record CallClaim(long? ClaimId, CallAnswer? Answer, Failure? Failure);

/// <summary>Lets each changing call happen once. The unique index decides between two that come at once; the later one waits for the answer of the first.</summary>
public sealed class IdempotencyService(IDbContextFactory<AppDbContext> contexts, GroupCommit commits, TimeProvider time)
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>How often a claim is renewed while its call runs.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    // A claim that nobody has renewed for so long belongs to a process that died: its call may run again.
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(30);

    // Longer than that, so that a retry after a crash gets its answer and not "busy".
    private static readonly TimeSpan WaitFor = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);
    private long swept = long.MinValue;

    public async Task<CallClaim> ClaimAsync(CallIdentity call, CancellationToken cancellationToken)
    {
        await SweepAsync(cancellationToken);
        var from = time.GetTimestamp();
        while (true)
        {
            if (await TryInsertAsync(call, cancellationToken) is { } claimed)
                return new CallClaim(claimed, null, null);
            var known = await FindAsync(call, cancellationToken);
            if (known is null || await ForgetIfOverAsync(known, cancellationToken))
                continue;
            if (known.BodyHash != call.BodyHash)
                return Refuse("idempotency-key-reused", "This Idempotency-Key was used with another body. Use a new key for a new call.");
            if (known.Status is { } status)
                return new CallClaim(null, new CallAnswer(status, known.ContentType, known.Location, known.ETag, known.Body ?? []), null);
            if (time.GetElapsedTime(from) > WaitFor)
                return Refuse("idempotency-key-busy", "The first call with this Idempotency-Key is still running. Ask again in a moment.");
            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    /// <summary>Says that the call is still running, until the token fires; its end is not waited for longer than that.</summary>
    public async Task RenewAsync(long claimId, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                try
                {
                    var now = time.GetUtcNow().UtcDateTime;
                    await using var context = await contexts.CreateDbContextAsync(ended);
                    await context.IdempotentCalls.Where(c => c.Id == claimId).ExecuteUpdateAsync(s => s.SetProperty(c => c.RenewedAt, now), ended);
                }
                catch (DbException)
                {
                    // A database that is busy now must not fail the call: the next tick makes up for it.
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The call has ended.
        }
    }

    public Task FinishAsync(long claimId, CallAnswer answer, CancellationToken cancellationToken) => commits.RunAsync(
        $"""
        UPDATE "IdempotentCalls" SET "Status" = {answer.Status}, "ContentType" = {answer.ContentType}, "Location" = {answer.Location},
        "ETag" = {answer.ETag}, "Body" = {answer.Body} WHERE "Id" = {claimId}
        """,
        null,
        cancellationToken);

    /// <summary>
    /// At the start of the only process: claims without an answer belong to one that died, and their callers need not wait. Whoever serves them makes sure that a call
    /// which had happened is found again. Beside PostgreSQL another node may be at work on them.
    /// </summary>
    public async Task<int> ForgetUnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return context.Database.IsSqlite() ? await context.IdempotentCalls.Where(c => c.Status == null).ExecuteDeleteAsync(cancellationToken) : 0;
    }

    /// <summary>A call that failed changed nothing, so the same key may try again.</summary>
    public Task AbandonAsync(long claimId, CancellationToken cancellationToken) =>
        commits.RunAsync($"""DELETE FROM "IdempotentCalls" WHERE "Id" = {claimId}""", null, cancellationToken);

    /// <summary>The new claim; null when the call is known. Losing the race is expected, so it is no exception; SQLite and PostgreSQL both know this sentence.</summary>
    private async Task<long?> TryInsertAsync(CallIdentity call, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        long? made = null;
        await commits.RunAsync(
            $"""
            INSERT INTO "IdempotentCalls" ("Caller", "Key", "Route", "BodyHash", "StartedAt", "RenewedAt")
            VALUES ({call.Caller}, {call.Key}, {call.Route}, {call.BodyHash}, {now}, {now}) ON CONFLICT DO NOTHING RETURNING "Id"
            """,
            row => made = row.GetInt64(0),
            cancellationToken);
        return made;
    }

    /// <summary>What was answered too long ago, and what nobody works on any more, makes room for the call.</summary>
    private async Task<bool> ForgetIfOverAsync(IdempotentCall known, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (expired, dead) = (now - KeptFor, now - GivenUpAfter);
        if (known.StartedAt >= expired && (known.Status is not null || known.RenewedAt >= dead))
            return false;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // Asked again in the deleting: its process may just have renewed it.
        return await context.IdempotentCalls.Where(c => c.Id == known.Id && (c.StartedAt < expired || (c.Status == null && c.RenewedAt < dead))).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var (last, now) = (Interlocked.Read(ref swept), time.GetTimestamp());
        if ((last != long.MinValue && time.GetElapsedTime(last, now) < SweepEvery) || Interlocked.CompareExchange(ref swept, now, last) != last)
            return;
        var expired = time.GetUtcNow().UtcDateTime - KeptFor;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.IdempotentCalls.Where(c => c.StartedAt < expired).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<IdempotentCall?> FindAsync(CallIdentity call, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.IdempotentCalls.AsNoTracking()
            .SingleOrDefaultAsync(c => c.Caller == call.Caller && c.Key == call.Key && c.Route == call.Route, cancellationToken);
    }

    private static CallClaim Refuse(string code, string sentence) => new(null, null, Failure.Conflict(code, sentence));
}
