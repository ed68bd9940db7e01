using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CampaignManager.Application.Data;

/// <summary>What a change has to answer, and whether what it wrote is to stay.</summary>
public readonly record struct Change<T>(T Answer, bool Keep);

public static class Change
{
    public static Change<T> Keep<T>(T answer) => new(answer, true);

    public static Change<T> Drop<T>(T answer) => new(answer, false);
}

/// <summary>
/// Changes that come at the same time are committed together. SQLite has one writer and every commit waits for the disk, however little
/// it holds: one loop takes the changes that are waiting, gives each a savepoint of its own, so that one which fails takes back only
/// itself, commits once, and only then answers them all.
/// PostgreSQL writes the commits of many connections at once by itself: there each change is its own transaction.
/// </summary>
/// <remarks>See docs/decisions/durability.md.</remarks>
public sealed class GroupCommit(IDbContextFactory<AppDbContext> contexts, WriterGate gate) : IDisposable
{
    /// <summary>So many at most wait for one commit.</summary>
    internal const int MostTogether = 64;

    private readonly ConcurrentQueue<Waiting> queue = new();
    private AppDbContext? writer;
    private bool? groups;
    private int looping;

    /// <summary>
    /// Runs a change in a transaction and answers when that is committed. The change uses the context it is given, alone, and must not
    /// wait for anything but the database: others stand behind it. It is not broken off once it has begun: who has hung up must not take
    /// the others' time.
    /// </summary>
    /// <param name="change">Only uses something up: redemptions and what guards them; see <see cref="LocalCommits"/>.</param>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    public Task<T> RunAsync<T>(Func<AppDbContext, CancellationToken, Task<Change<T>>> change, CancellationToken cancellationToken) =>
        RunAsync(change, false, cancellationToken);

    /// <summary>The same for a single statement, which needs no savepoint, and no transaction of its own.</summary>
    /// <param name="statement">Known to both databases.</param>
    /// <param name="row">Gets what it answers; null where nobody reads.</param>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    /// <returns>How many rows it has changed.</returns>
    internal Task<int> RunAsync(FormattableString statement, Action<DbDataReader>? row, CancellationToken cancellationToken) => RunAsync(
        async (context, stop) =>
        {
            var batch = new SqlBatch(context);
            batch.Add(statement);
            return Change.Keep(await batch.RunAsync(row is null ? null : (reader, _) => row(reader), stop));
        },
        true,
        cancellationToken);

    private async Task<T> RunAsync<T>(
        Func<AppDbContext, CancellationToken, Task<Change<T>>> change, bool single, CancellationToken cancellationToken)
    {
        if (!await GroupsAsync(cancellationToken))
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            context.OnlyChangesUsage = true;
            await using var transaction = single ? null : await context.Database.BeginTransactionAsync(cancellationToken);
            var done = await change(context, cancellationToken);
            if (done.Keep && transaction is not null)
                await transaction.CommitAsync(cancellationToken);
            return done.Answer;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new Waiting<T>(change, single, cancellationToken);
        queue.Enqueue(waiting);
        if (Interlocked.CompareExchange(ref looping, 1, 0) == 0)
            _ = Task.Run(LoopAsync, CancellationToken.None);
        return await waiting.Answered;
    }

    public void Dispose() => Forget();

    private async ValueTask<bool> GroupsAsync(CancellationToken cancellationToken)
    {
        if (groups is { } known)
            return known;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (groups = context.Database.IsSqlite()).Value;
    }

    private async Task LoopAsync()
    {
        do
        {
            while (!queue.IsEmpty)
                await CommitAsync();
            Volatile.Write(ref looping, 0);
        }
        while (!queue.IsEmpty && Interlocked.CompareExchange(ref looping, 1, 0) == 0);
    }

    /// <summary>One commit. Whatever happens, everybody taken is answered.</summary>
    private async Task CommitAsync()
    {
        List<Waiting> taken = [];
        try
        {
            var context = writer ??= await OpenAsync();
            using var pass = await gate.EnterAsync(context, CancellationToken.None);
            context.ForgetUse();
            await using var transaction = await context.Database.BeginTransactionAsync();
            while (taken.Count < MostTogether && queue.TryDequeue(out var next))
            {
                if (next.HasHungUp)
                    continue;
                taken.Add(next);
                await RunAsync(next, context, (SqliteTransaction)transaction.GetDbTransaction());
            }

            await transaction.CommitAsync();
        }
        catch (Exception fault)
        {
            // Nothing of it is there: not one may be told that it is.
            Forget();
            if (taken.Count == 0 && queue.TryDequeue(out var first))
                taken.Add(first);
            foreach (var one in taken)
                one.Fail(fault);
        }

        foreach (var one in taken)
            one.Answer();
    }

    private static async Task RunAsync(Waiting next, AppDbContext context, SqliteTransaction transaction)
    {
        var prepared = context.Prepared!;
        if (!next.IsSingle)
            prepared.Of($"SAVEPOINT change", transaction).ExecuteNonQuery();
        var keep = await next.RunAsync(context);
        context.ChangeTracker.Clear();
        if (next.IsSingle)
            return;
        if (!keep)
            prepared.Of($"ROLLBACK TO change", transaction).ExecuteNonQuery();
        prepared.Of($"RELEASE change", transaction).ExecuteNonQuery();
    }

    private async Task<AppDbContext> OpenAsync()
    {
        var context = await contexts.CreateDbContextAsync();
        context.OnlyChangesUsage = true;
        // Each change has one already.
        context.Database.AutoSavepointsEnabled = false;
        await context.Database.OpenConnectionAsync();
        context.Prepared = new PreparedStatements((SqliteConnection)context.Database.GetDbConnection());
        return context;
    }

    private void Forget()
    {
        var context = Interlocked.Exchange(ref writer, null);
        context?.Prepared?.Dispose();
        context?.Dispose();
    }

    private abstract class Waiting(bool single)
    {
        public bool IsSingle => single;

        /// <summary>Nobody waits for it any more: told so.</summary>
        public abstract bool HasHungUp { get; }

        /// <returns>What it wrote is to stay.</returns>
        public abstract Task<bool> RunAsync(AppDbContext context);

        public abstract void Fail(Exception fault);

        public abstract void Answer();
    }

    private sealed class Waiting<T>(
        Func<AppDbContext, CancellationToken, Task<Change<T>>> change, bool single, CancellationToken cancellationToken) : Waiting(single)
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? fault;
        private T? result;

        public Task<T> Answered => answer.Task;

        public override bool HasHungUp => cancellationToken.IsCancellationRequested && answer.TrySetCanceled(cancellationToken);

        public override async Task<bool> RunAsync(AppDbContext context)
        {
            try
            {
                (result, var keep) = await change(context, CancellationToken.None);
                return keep;
            }
            catch (Exception own)
            {
                fault = own;
                return false;
            }
        }

        public override void Fail(Exception fault) => this.fault ??= fault;

        public override void Answer()
        {
            if (fault is not null)
                answer.TrySetException(fault);
            else
                answer.TrySetResult(result!);
        }
    }
}
