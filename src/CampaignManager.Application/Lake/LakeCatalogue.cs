using System.Text.Json;

namespace CampaignManager.Application.Lake;

/// <summary>
/// Which files imports wrote and readers see, in one small file that is replaced by one rename: a batch of any size appears with it, in the same instant.
/// Files whose names do not begin with <see cref="Mark"/> are no affair of it and always seen (an earlier release's, the demo shop's).
/// Writers hold <see cref="LakeLock"/> from reading it to replacing it.
/// </summary>
public sealed record LakeCatalogue
{
    internal const string FileName = "catalogue.json";

    /// <summary>How names of listed files begin.</summary>
    internal const string Mark = "w-";

    public static readonly LakeCatalogue Empty = new();

    /// <summary>Grows with every change.</summary>
    public long Revision { get; init; }

    /// <summary>The version that the next import's rows get; what an earlier release wrote has 1.</summary>
    public long NextVersion { get; init; } = 2;

    public IReadOnlyList<ListedImport> Imports { get; init; } = [];

    public IReadOnlyList<ListedFile> Files { get; init; } = [];

    /// <summary>No longer read; a sweep removes them once no reader can have them open.</summary>
    public IReadOnlyList<DroppedFile> Dropped { get; init; } = [];

    /// <summary>Who was erased and when, as a keyed hash; the key lies elsewhere.</summary>
    public IReadOnlyList<ErasedPerson> Erased { get; init; } = [];

    public ListedImport? Import(Guid id) => Imports.FirstOrDefault(i => i.ImportId == id);

    public IEnumerable<ListedFile> FilesOf(LakeTable table) => Files.Where(f => f.Table == table.Name);

    internal static LakeCatalogue Parse(string json) => JsonSerializer.Deserialize<LakeCatalogue>(json, JsonSerializerOptions.Web) ?? Empty;

    internal string Text() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}

/// <param name="Path">Below the lake's root.</param>
/// <param name="From">Oldest time in it, where the table has one.</param>
/// <param name="Versions">Of the imports whose rows it holds.</param>
/// <param name="Replaces">Whether rows in it replace or take away others of its folder: that folder is then read by newest version.</param>
public sealed record ListedFile(
    string Path, string Table, long Rows, long Bytes, string Sha256, DateTime? From, DateTime? To, IReadOnlyList<long> Versions, bool Replaces)
{
    /// <summary>It has the columns that came after the catalogue, too.</summary>
    public bool Whole { get; init; }

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;
}

/// <param name="Claims">File with what it said that was there already, below the root; should the other import be undone, this one has said it.</param>
/// <param name="Coverage">The times it speaks of.</param>
/// <param name="Counts">What its writing found, by name.</param>
public sealed record ListedImport(
    Guid ImportId, long Version, string Source, DateTime KnownAt, DateTime WrittenAt, string? Claims, IReadOnlyList<ListedCoverage> Coverage,
    IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>Of an import that grows by batches the last one, which is not written again.</summary>
    public Guid? Batch { get; init; }
}

/// <summary>A source counted these things from here to there.</summary>
/// <param name="What">Name of a table; of events <c>events:view</c> and so on, for one that counts views need not count reviews.</param>
/// <param name="Days">Days (UTC) with anything, as runs <c>2026-01-05..2026-01-31</c>: what is missing between them are gaps.</param>
public sealed record ListedCoverage(string What, DateTime From, DateTime To, IReadOnlyList<string> Days);

public sealed record DroppedFile(string Path, DateTime At);

public sealed record ErasedPerson(string Hash, DateTime At);
