namespace CampaignManager.Application.Lake;

/// <summary>
/// Where the parts of a run leave rows for its last step: within the lake, where every node sees them and no reader looks. It belongs to the
/// run and not to a process, so that the next try of a run whose worker died finds what was done. What a run that never came back leaves is
/// swept after a day.
/// </summary>
internal sealed class PartFolder
{
    private const string Prefix = "parts-";

    private readonly DataLake lake;

    private PartFolder(DataLake lake, string name)
    {
        this.lake = lake;
        Path = System.IO.Path.Combine(StagingFolder.Home, name);
    }

    /// <summary>Below the lake's root.</summary>
    public string Path { get; }

    /// <summary>All rows, part after part, as a relation.</summary>
    public string Rows => lake.SourceOf(System.IO.Path.Combine(Path, "part-*.parquet"));

    /// <param name="lake">Within which it lies.</param>
    /// <param name="runId">Null where there is no run: a folder of one's own.</param>
    /// <param name="work">The work that is cut into parts.</param>
    public static PartFolder Of(DataLake lake, Guid? runId, string work)
    {
        var home = lake.PathTo(StagingFolder.Home);
        var mine = $"{Prefix}{runId ?? Guid.NewGuid():N}-{work}-";
        // The end of the name is new whenever a folder is: parts that an earlier one held do not count as done.
        var known = Directory.Exists(home) ? Directory.GetDirectories(home, mine + "*").Order(StringComparer.Ordinal).FirstOrDefault() : null;
        var folder = new PartFolder(lake, known is null ? mine + System.IO.Path.GetRandomFileName() : System.IO.Path.GetFileName(known));
        Directory.CreateDirectory(lake.PathTo(folder.Path));
        return folder;
    }

    /// <summary>Where a part's rows go, below the lake's root.</summary>
    public static string FileOf(string folder, int part) =>
        System.IO.Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"part-{part:D4}.parquet"));

    public void Remove() => Directory.Delete(lake.PathTo(Path), recursive: true);

    /// <summary>Throws away what was not written to since then.</summary>
    public static void Sweep(string home, DateTime oldest)
    {
        foreach (var left in Directory.GetDirectories(home, Prefix + "*"))
        {
            if (Directory.GetLastWriteTimeUtc(left) < oldest)
                Directory.Delete(left, recursive: true);
        }
    }
}
