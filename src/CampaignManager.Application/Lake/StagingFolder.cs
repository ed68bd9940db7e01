namespace CampaignManager.Application.Lake;

/// <summary>
/// A folder for files not yet ready to be seen, on the lake's own file system so that a rename is enough. Its lock file is held open
/// as long as its owner lives: a sweep can so tell a dead owner from a busy one, in this process or another.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    public const string Home = ".staging";
    private const string Prefix = "work-";
    private const string LockFile = "lock";

    private readonly FileStream hold;

    public StagingFolder(string root)
    {
        var name = System.IO.Path.GetRandomFileName();
        // The lock is taken before the folder bears a name that a sweep looks for.
        var unnamed = System.IO.Path.Combine(root, Home, "new-" + name);
        Path = System.IO.Path.Combine(root, Home, Prefix + name);
        Directory.CreateDirectory(unnamed);
        hold = new FileStream(System.IO.Path.Combine(unnamed, LockFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        Directory.Move(unnamed, Path);
    }

    private StagingFolder(string path, FileStream hold)
    {
        Path = path;
        this.hold = hold;
    }

    public string Path { get; }

    /// <summary>Set when the folder must outlive its owner, so that a sweep finishes what it began.</summary>
    public bool Keep { get; set; }

    public void Dispose()
    {
        if (!Keep && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        hold.Dispose();
    }

    /// <summary>Whether a batch that changes the catalogue is past the point of no return and not yet in its place.</summary>
    public static bool AnySealed(string home) => Directory.GetDirectories(home, Prefix + "*").Any(folder =>
        File.Exists(System.IO.Path.Combine(folder, LakeBatch.PlanFile)) && File.Exists(System.IO.Path.Combine(folder, LakeCatalogue.FileName)));

    /// <summary>Folders whose owner is dead, taken over.</summary>
    public static IEnumerable<StagingFolder> Abandoned(string root)
    {
        var home = System.IO.Path.Combine(root, Home);
        if (!Directory.Exists(home))
            yield break;
        foreach (var folder in Directory.GetDirectories(home, Prefix + "*"))
        {
            if (TryTakeOver(folder) is { } taken)
                yield return taken;
        }
    }

    private static StagingFolder? TryTakeOver(string folder)
    {
        try
        {
            var hold = new FileStream(System.IO.Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new StagingFolder(folder, hold);
        }
        catch (IOException)
        {
            // Its owner is at work, or has just finished and removed it.
            return null;
        }
    }
}
