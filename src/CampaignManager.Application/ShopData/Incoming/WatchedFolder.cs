using System.Globalization;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>A file, or a folder of files that belong together, as it lay there when it had stopped growing.</summary>
/// <param name="Bytes">Of all its files.</param>
/// <param name="ChangedAt">UTC, of the newest.</param>
public sealed record QuietEntry(string Name, int Files, long Bytes, DateTime ChangedAt);

/// <param name="Id">Of the import that it becomes.</param>
/// <param name="Files">Where they lie.</param>
public sealed record TakenEntry(Guid Id, string Name, IReadOnlyList<string> Files);

/// <param name="Reason">What stands beside it: the code, then the sentence.</param>
public sealed record RefusedEntry(string Name, string Code, string Reason, DateTime At);

/// <summary>
/// The folder that files are laid into: <c>working/&lt;import&gt;</c> holds those that were taken, <c>done</c> and <c>refused</c> those
/// that are through. Taking is one move, which succeeds once whoever tries.
/// </summary>
public sealed class WatchedFolder(IOptions<IncomingOptions> options, TimeProvider time)
{
    private const string Working = "working";
    private const string DoneFolder = "done";
    private const string RefusedFolder = "refused";
    private const string ReasonEnd = ".reason.txt";

    private static readonly string[] Unfinished = [".part", ".tmp", ".crdownload", ".filepart", ".partial"];

    private readonly Lock gate = new();
    private Dictionary<string, (QuietEntry Entry, DateTimeOffset Since)> seen = [];

    public bool IsOn => options.Value.Folder.Length > 0;

    public string Root => Path.GetFullPath(options.Value.Folder);

    /// <summary>What has stayed as it is for long enough, by what this node saw at its looks.</summary>
    public IReadOnlyList<QuietEntry> Look()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var next = new Dictionary<string, (QuietEntry Entry, DateTimeOffset Since)>(StringComparer.Ordinal);
            foreach (var entry in Entries())
                next[entry.Name] = (entry, seen.TryGetValue(entry.Name, out var before) && before.Entry == entry ? before.Since : now);
            seen = next;
            var quiet = TimeSpan.FromSeconds(options.Value.QuietSeconds);
            return [.. next.Values.Where(e => now - e.Since >= quiet).Select(e => e.Entry).OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>What lies there, whole or not.</summary>
    public IReadOnlyList<QuietEntry> Entries() => !Directory.Exists(Root) ? [] :
        [.. Directory.EnumerateFileSystemEntries(Root).Select(p => Measure(Path.GetFileName(p))).OfType<QuietEntry>()];

    /// <summary>Takes an entry, where it still is as it was seen.</summary>
    /// <returns>Whether this call took it.</returns>
    public bool Take(QuietEntry entry, Guid id)
    {
        if (Measure(entry.Name) != entry)
            return false;
        var place = Path.Combine(Root, Working, id.ToString("N"));
        try
        {
            Directory.CreateDirectory(place);
            Directory.Move(Path.Combine(Root, entry.Name), Path.Combine(place, entry.Name));
            return true;
        }
        catch (IOException)
        {
            // Another node was faster, or it is being written again.
            if (Directory.Exists(place) && !Directory.EnumerateFileSystemEntries(place).Any())
                Directory.Delete(place);
            return false;
        }
    }

    public IReadOnlyList<TakenEntry> Taken()
    {
        var folder = Path.Combine(Root, Working);
        if (!Directory.Exists(folder))
            return [];
        var taken = new List<TakenEntry>();
        foreach (var place in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!Guid.TryParseExact(Path.GetFileName(place), "N", out var id)
                || Directory.EnumerateFileSystemEntries(place).FirstOrDefault() is not { } held)
                continue;
            string[] files = Directory.Exists(held) ? [.. Files(held).Order(StringComparer.Ordinal)] : [held];
            taken.Add(new TakenEntry(id, Path.GetFileName(held), files));
        }

        return taken;
    }

    public void Done(TakenEntry entry) => MoveTo(entry, DoneFolder);

    public void Refuse(TakenEntry entry, string code, string sentence)
    {
        if (MoveTo(entry, RefusedFolder) is not { } name)
            return;
        var said = string.Create(CultureInfo.InvariantCulture, $"{code}\n{sentence}\n{time.GetUtcNow():u}\nimport {entry.Id}\n");
        File.WriteAllText(Path.Combine(Root, RefusedFolder, name + ReasonEnd), said);
    }

    /// <summary>The newest that were refused.</summary>
    public IReadOnlyList<RefusedEntry> Refused(int most)
    {
        var folder = new DirectoryInfo(Path.Combine(Root, RefusedFolder));
        return !folder.Exists ? []
            : [.. folder.EnumerateFiles("*" + ReasonEnd).OrderByDescending(f => f.LastWriteTimeUtc).Take(most).Select(ReasonIn)];
    }

    private static RefusedEntry ReasonIn(FileInfo file)
    {
        var lines = File.ReadAllLines(file.FullName);
        return new RefusedEntry(
            file.Name[..^ReasonEnd.Length], lines.ElementAtOrDefault(0) ?? "", lines.ElementAtOrDefault(1) ?? "", file.LastWriteTimeUtc);
    }

    /// <returns>Under which name it lies there; null: it was moved before.</returns>
    private string? MoveTo(TakenEntry entry, string folder)
    {
        var place = Path.Combine(Root, Working, entry.Id.ToString("N"));
        Directory.CreateDirectory(Path.Combine(Root, folder));
        var name = entry.Name;
        if (Path.Exists(Path.Combine(Root, folder, name)))
            name = $"{Path.GetFileNameWithoutExtension(name)}.{entry.Id:N}{Path.GetExtension(name)}";
        try
        {
            Directory.Move(Path.Combine(place, entry.Name), Path.Combine(Root, folder, name));
            Directory.Delete(place);
            return name;
        }
        catch (IOException)
        {
            // Another node has moved it.
            return null;
        }
    }

    private QuietEntry? Measure(string name)
    {
        if (name is Working or DoneFolder or RefusedFolder || name.StartsWith('.') || IsUnfinished(name))
            return null;
        try
        {
            var path = Path.Combine(Root, name);
            List<FileInfo> files = Directory.Exists(path) ? [.. Files(path).Select(f => new FileInfo(f))] : [new FileInfo(path)];
            // A folder with a file that is still being written is not whole.
            if (files.Count == 0 || (Directory.Exists(path) && Directory.EnumerateFiles(path).Any(IsUnfinished)))
                return null;
            return new QuietEntry(name, files.Count, files.Sum(f => f.Length), files.Max(f => f.LastWriteTimeUtc));
        }
        catch (IOException)
        {
            // Gone since it was listed.
            return null;
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f)[0] != '.' && !IsUnfinished(f));

    private static bool IsUnfinished(string name) => Array.Exists(Unfinished, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
