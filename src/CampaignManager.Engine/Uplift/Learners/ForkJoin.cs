using System.Runtime.ExceptionServices;

namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>
/// Loops over threads that last microseconds and are run thousands of times in a fit. <see cref="Parallel"/> makes 1.6 kB of objects each time, which on a small
/// table are more than the table, and takes longer to begin than such a loop needs to end (docs/decisions/uplift-learners.md).
/// </summary>
internal static class ForkJoin
{
    /// <summary>Runs <paramref name="body"/> for 0 .. <paramref name="count"/> − 1, in no order, and returns when all have ended.</summary>
    /// <param name="count">Times.</param>
    /// <param name="threads">At once; 1 or less runs them in order on this thread.</param>
    /// <param name="body">What to do; the first exception ends the loop and is thrown as it is.</param>
    /// <param name="token">Ends the loop early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before the end.</exception>
    public static void For(int count, int threads, Action<int> body, CancellationToken token = default)
    {
        threads = Math.Min(threads, count);
        if (threads > 1)
        {
            new Loop(count, threads, body, token).Run();
            return;
        }
        for (var i = 0; i < count; i++)
        {
            token.ThrowIfCancellationRequested();
            body(i);
        }
    }

    // Who asks works too, and waits for nothing that has not begun: a pool without a free thread makes it slower, never stuck. A helper that comes late finds nothing left.
    private sealed class Loop(int count, int threads, Action<int> body, CancellationToken token) : IThreadPoolWorkItem
    {
        private int taken;
        private int ended;
        private Exception? failure;

        public void Run()
        {
            for (var helper = 1; helper < threads; helper++) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            Execute();
            // The others have at most one body each to end: not worth a sleep.
            var wait = new SpinWait();
            while (Volatile.Read(ref ended) < count) wait.SpinOnce(sleep1Threshold: -1);
            if (failure is not null) ExceptionDispatchInfo.Throw(failure);
        }

        public void Execute()
        {
            for (int i; (i = Interlocked.Increment(ref taken) - 1) < count; Interlocked.Increment(ref ended))
            {
                // After a failure the rest are only counted.
                if (Volatile.Read(ref failure) is not null) continue;
                try
                {
                    token.ThrowIfCancellationRequested();
                    body(i);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, e, null);
                }
            }
        }
    }
}
