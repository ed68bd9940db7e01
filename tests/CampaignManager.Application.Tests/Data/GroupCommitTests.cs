using CampaignManager.Application.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CampaignManager.Application.Tests.Data;

/// <summary>What holds for changes that are committed together: a table of words stands for all that money hangs on.</summary>
public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly WriterGate gate = new();
    private ADatabase database = null!;
    private GroupCommit commits = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await ADatabase.EmptyAsync();
        commits = new GroupCommit(database, gate);
        await using var context = database.CreateDbContext();
        await context.Database.ExecuteSqlAsync($"CREATE TABLE Words (Word TEXT PRIMARY KEY, Weight BLOB)", Stop);
    }

    public ValueTask DisposeAsync()
    {
        commits.Dispose();
        gate.Dispose();
        database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Run_ManyThatWait_AreCommittedTogetherAndAnsweredAfterIt()
    {
        List<Guid> transactions = [];
        List<Task<int>> answers = [];
        await TogetherAsync(20, i => answers.Add(commits.RunAsync(
            async (context, stop) =>
            {
                transactions.Add(context.Database.CurrentTransaction!.TransactionId);
                Assert.DoesNotContain(answers, a => a.IsCompleted);
                return Change.Keep(await WriteAsync(context, $"w{i}", stop));
            },
            Stop)));
        await Task.WhenAll(answers);
        Assert.Single(transactions.Distinct());
        Assert.Equal(20, (await WordsAsync()).Count);
    }

    [Fact]
    public async Task Run_OneFailsOneIsRefused_TheOthersStay()
    {
        List<Task<int>> answers = [];
        await TogetherAsync(9, i => answers.Add(commits.RunAsync(
            async (context, stop) =>
            {
                await WriteAsync(context, $"w{i}", stop);
                if (i == 3)
                    await WriteAsync(context, "w0", stop);
                return i == 5 ? Change.Drop(i) : Change.Keep(i);
            },
            Stop)));
        var fault = await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => answers[3]);
        Assert.Contains("UNIQUE", fault.Message, StringComparison.Ordinal);
        var answered = await Task.WhenAll(answers.Where((_, i) => i != 3));
        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8], answered);
        Assert.Equal(["w0", "w1", "w2", "w4", "w6", "w7", "w8"], await WordsAsync());
    }

    [Fact]
    public async Task Run_CallersHangUp_BeforeTheirTurnNothingHappensAfterItAllDoes()
    {
        using var early = new CancellationTokenSource();
        using var late = new CancellationTokenSource();
        List<Task<int>> answers = [];
        await TogetherAsync(
            6,
            i => answers.Add(commits.RunAsync(
                async (context, stop) =>
                {
                    if (i == 4)
                        await late.CancelAsync();
                    return Change.Keep(await WriteAsync(context, $"w{i}", stop));
                },
                i switch { 1 => early.Token, 4 => late.Token, _ => Stop })),
            early.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers[1]);
        await Task.WhenAll(answers.Where((_, i) => i != 1));
        Assert.Equal(["w0", "w2", "w3", "w4", "w5"], await WordsAsync());
    }

    [Fact]
    public async Task Run_TheTransactionBreaks_NobodyIsToldOfSuccessAndTheNextWorks()
    {
        List<Task<int>> answers = [];
        await TogetherAsync(5, i => answers.Add(commits.RunAsync(
            async (context, stop) =>
            {
                await WriteAsync(context, $"w{i}", stop);
                // As the database does by itself when the disk is full.
                if (i == 2)
                    await context.Database.ExecuteSqlAsync($"ROLLBACK", stop);
                return Change.Keep(i);
            },
            Stop)));
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAnyAsync<Exception>(() => answers[i]);
        // Those behind the broken one had their turn in the next transaction.
        var behind = await Task.WhenAll(answers.Skip(3));
        Assert.Equal([3, 4], behind);
        Assert.Equal(1, await commits.RunAsync(async (context, stop) => Change.Keep(await WriteAsync(context, "later", stop)), Stop));
        Assert.Equal(["later", "w3", "w4"], await WordsAsync());
    }

    [Fact]
    public async Task Run_KilledBeforeTheCommit_NoneOfItIsThere()
    {
        await commits.RunAsync(async (context, stop) => Change.Keep(await WriteAsync(context, "before", stop)), Stop);
        using var copy = ADatabase.Missing();
        List<Task<int>> answers = [];
        await TogetherAsync(4, i => answers.Add(commits.RunAsync(
            async (context, stop) =>
            {
                // More than the page cache holds, so that unfinished pages are in the log already.
                await WriteAsync(context, $"w{i}", stop, 4 << 20);
                if (i == 3)
                    copy.TakeFilesOf(database);
                return Change.Keep(i);
            },
            Stop)));
        await Task.WhenAll(answers);
        Assert.Equal(5, (await WordsAsync()).Count);
        // What lay on the disk at that moment is what a killed process leaves.
        Assert.Equal(["before"], await WordsAsync(copy));
    }

    [Fact]
    public async Task Run_EveryConnection_WaitsForTheDisk()
    {
        static async Task<long> SynchronousAsync(AppDbContext context) =>
            (await context.Database.SqlQueryRaw<long>("PRAGMA synchronous").ToListAsync(Stop))[0];
        Assert.Equal(2, await commits.RunAsync(async (context, _) => Change.Keep(await SynchronousAsync(context)), Stop));
        await using var other = database.CreateDbContext();
        Assert.Equal(2, await SynchronousAsync(other));
    }

    [Fact]
    public async Task Run_MoreStatementsThanAreKept_StillAnswers()
    {
        for (var i = 1; i <= 300; i++)
        {
            var list = SqlList.In($"SELECT {i} AS Number, Word FROM Words WHERE Word IN (", SqlList.Of(["a", "b"]), ")");
            await commits.RunAsync(list, null, Stop);
        }

        Assert.Equal(1, await commits.RunAsync($"INSERT INTO Words (Word) VALUES ({"a"})", null, Stop));
        Assert.Equal(["a"], await WordsAsync());
    }

    /// <summary>Starts the changes while the gate is shut, so that all of them wait when it opens.</summary>
    private async Task TogetherAsync(int count, Action<int> start, Action? beforeOpening = null)
    {
        await using var context = database.CreateDbContext();
        using (await gate.EnterAsync(context, Stop))
        {
            for (var i = 0; i < count; i++)
                start(i);
            beforeOpening?.Invoke();
        }
    }

    private static async Task<int> WriteAsync(AppDbContext context, string word, CancellationToken stop, int weight = 0) =>
        await context.Database.ExecuteSqlAsync($"INSERT INTO Words (Word, Weight) VALUES ({word}, zeroblob({weight}))", stop);

    private Task<List<string>> WordsAsync() => WordsAsync(database);

    private static async Task<List<string>> WordsAsync(ADatabase database)
    {
        await using var context = database.CreateDbContext();
        return await context.Database.SqlQuery<string>($"SELECT Word AS Value FROM Words ORDER BY Word").ToListAsync(Stop);
    }
}
