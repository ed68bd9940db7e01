using System.Collections.Concurrent;

namespace CampaignManager.Application.Lake;

/// <summary>
/// Where this process's connections put what does not fit into memory. A lock file in it is held open as long as the process lives: what a killed one left may be as large as the
/// work was, and the next sweep takes it away.
/// </summary>
internal sealed class SpillFolder
{
    private const string Prefix = "spill-";
    private const string LockFile = "lock";

    // Never closed: the process's end does it.
    private static readonly ConcurrentQueue<FileStream> Held = new();

    public SpillFolder(string home)
    {
        var name = System.IO.Path.GetRandomFileName();
        // The lock is taken before the folder bears a name that a sweep looks for.
        var unnamed = System.IO.Path.Combine(home, "new-" + name);
        Path = System.IO.Path.Combine(home, Prefix + name);
        Directory.CreateDirectory(unnamed);
        Held.Enqueue(new FileStream(System.IO.Path.Combine(unnamed, LockFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
        Directory.Move(unnamed, Path);
    }

    private string Path { get; }

    /// <summary>A place for one connection: two engines in one folder would overwrite each other's blocks. DuckDB makes it when needed.</summary>
    public string Next()
    {
        Directory.CreateDirectory(Path);
        return System.IO.Path.Combine(Path, System.IO.Path.GetRandomFileName());
    }

    /// <summary>Removes those of dead processes, and what died before it had its name; without a lock, what was not written to since then.</summary>
    public static void Sweep(string home, DateTime oldest)
    {
        foreach (var folder in Directory.GetDirectories(home, Prefix + "*").Concat(Directory.GetDirectories(home, "new-*")))
        {
            var file = System.IO.Path.Combine(folder, LockFile);
            try
            {
                using var taken = File.Exists(file) ? new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null;
                if (taken is not null || Directory.GetLastWriteTimeUtc(folder) < oldest)
                    Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Its owner is alive, or another sweep is removing it.
            }
        }
    }
}
