using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Tests.Uplift.Learners;

/// <summary>Short loops over threads.</summary>
public sealed class ForkJoinTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(3, 8)]
    [InlineData(1000, 0)]
    [InlineData(1000, 1)]
    [InlineData(1000, 2)]
    [InlineData(1000, 16)]
    public void EveryNumber_Once(int count, int threads)
    {
        int[] runs = new int[count];

        ForkJoin.For(count, threads, i => Interlocked.Increment(ref runs[i]));

        Assert.All(runs, r => Assert.Equal(1, r));
    }

    [Fact]
    public void OneThread_RunsInOrderOnTheCallersThread()
    {
        var seen = new List<(int, int)>();

        ForkJoin.For(5, 1, i => seen.Add((i, Environment.CurrentManagedThreadId)));

        Assert.Equal(Enumerable.Range(0, 5).Select(i => (i, Environment.CurrentManagedThreadId)), seen);
    }

    [Fact]
    public void TwoThreads_WorkAtOnce()
    {
        // Each waits for the other: one thread alone would never get past the first.
        using var both = new Barrier(2);

        ForkJoin.For(2, 2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AFailure_IsThrownAsItIs_WhenAllThatWasBegunHasEnded(int threads)
    {
        int begun = 0, ended = 0;

        var thrown = Assert.Throws<ArithmeticException>(() => ForkJoin.For(1000, threads, i =>
        {
            Interlocked.Increment(ref begun);
            if (i == 3) throw new ArithmeticException("three");
            Interlocked.Increment(ref ended);
        }));

        Assert.Equal("three", thrown.Message);
        Assert.Equal(begun, ended + 1);
        if (threads == 1) Assert.Equal(4, begun);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ACancelledLoop_BeginsNothingMore(int threads)
    {
        using var source = new CancellationTokenSource();
        int begun = 0;

        Assert.Throws<OperationCanceledException>(() => ForkJoin.For(1000, threads, i =>
        {
            Interlocked.Increment(ref begun);
            if (i == 3) source.Cancel();
            else if (i > 3) source.Token.WaitHandle.WaitOne();
        }, source.Token));

        Assert.InRange(begun, 4, 3 + threads);
    }

    [Fact]
    public async Task WithEveryThreadOfThePoolBusy_LoopsWithinLoopsEnd()
    {
        long sum = 0;
        Task[] many = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(
            () => ForkJoin.For(16, 4, i => ForkJoin.For(16, 4, j => Interlocked.Add(ref sum, 16 * i + j))),
            TestContext.Current.CancellationToken))];

        await Task.WhenAll(many);

        Assert.Equal(64L * 255 * 256 / 2, sum);
    }

    [Fact]
    public void ALoop_AllocatesLittle()
    {
        int[] runs = new int[64];
        Action<int> body = i => runs[i]++;
        ForkJoin.For(runs.Length, 2, body);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int loop = 0; loop < 1000; loop++) ForkJoin.For(runs.Length, 2, body);

        // Parallel.For: 1,600.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 300);
        Assert.All(runs, r => Assert.Equal(1001, r));
    }
}
