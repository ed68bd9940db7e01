using System.Collections.Concurrent;

namespace CampaignManager.Application.Lake;

/// <summary>
/// One at a time changes the lake's catalogue, over threads and processes: between two that read the same state and then write theirs, one would be lost.
/// What a writer that died had sealed is finished before the next one looks.
/// </summary>
internal sealed class LakeLock : IDisposable
{
    private const string LockFile = "catalogue.lock";

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Here = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim gate;
    private readonly FileStream hold;

    private LakeLock(SemaphoreSlim gate, FileStream hold) => (this.gate, this.hold) = (gate, hold);

    public static async Task<LakeLock> TakeAsync(DataLake lake, CancellationToken cancel)
    {
        var gate = Here.GetOrAdd(lake.Root, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancel);
        FileStream? hold = null;
        try
        {
            var home = lake.PathTo(StagingFolder.Home);
            Directory.CreateDirectory(home);
            while ((hold = Try(Path.Combine(home, LockFile))) is null)
                await Task.Delay(Wait, cancel);
            // Of a process that is just dying the lock may be free before what it had sealed is.
            for (lake.Sweep(); StagingFolder.AnySealed(home); lake.Sweep())
                await Task.Delay(Wait, cancel);
            return new LakeLock(gate, hold);
        }
        catch
        {
            hold?.Dispose();
            gate.Release();
            throw;
        }
    }

    public void Dispose()
    {
        hold.Dispose();
        gate.Release();
    }

    /// <summary>Null while another process holds it.</summary>
    private static FileStream? Try(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
