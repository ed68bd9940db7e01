using System.Security.Cryptography;
using CampaignManager.Application.Lake;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Imports;

/// <summary>Uploaded files and what was rejected of them, under <c>uploads/</c> of the lake. Bytes go straight to the disk.</summary>
public sealed class UploadStore(DataLake lake, IOptions<ImportOptions> options)
{
    private const string Folder = "uploads";

    /// <summary>Writes the file under its id; refused as soon as it exceeds the limit, and then nothing is left.</summary>
    /// <param name="id">The import.</param>
    /// <param name="key">Of a further file; null for the first.</param>
    /// <param name="content">The file.</param>
    /// <param name="cancellationToken">Stops; nothing stays.</param>
    public async Task<Outcome<(long Bytes, string Sha256)>> SaveAsync(Guid id, Guid? key, Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(lake.PathTo(Folder));
        var path = PathOf(id, key);
        var complete = false;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[128 * 1024];
            long bytes = 0;
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                {
                    bytes += read;
                    if (bytes > options.Value.MaxUploadBytes)
                        return TooLarge(options.Value.MaxUploadBytes);
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }

            if (bytes == 0)
                return new Failure(FailureKind.Invalid, "empty-file", "The file is empty.");
            complete = true;
            return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (Exception fault) when (DiskFull.IsMeantBy(fault))
        {
            return DiskFull.Failure;
        }
        finally
        {
            if (!complete)
                File.Delete(path);
        }
    }

    public static Failure TooLarge(long limit) =>
        new(FailureKind.Invalid, "file-too-large", $"The file is larger than {limit / 1_000_000} MB. Pack it with gzip or cut it in parts.");

    public bool Exists(ImportRun import) => PathsOf(import).All(File.Exists);

    public string? RejectsOf(ImportRun import) => File.Exists(RejectsPath(import.Id)) ? RejectsPath(import.Id) : null;

    internal string PathOf(ImportRun import) => PathOf(import.Id, null);

    /// <summary>All files of the import, in the order in which they came.</summary>
    internal IReadOnlyList<string> PathsOf(ImportRun import) => [.. import.Files().Select(f => PathOf(import.Id, f.Key))];

    /// <summary>Makes a reading's rejects the import's; those of an earlier reading go.</summary>
    internal void PublishRejects(ImportRun import, string file, long rejected)
    {
        if (rejected > 0)
            File.Move(file, RejectsPath(import.Id), overwrite: true);
        else
            File.Delete(RejectsPath(import.Id));
    }

    internal void Delete(Guid id)
    {
        var folder = lake.PathTo(Folder);
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, $"{id:N}*.upload") : [])
            File.Delete(file);
    }

    internal void DeleteFile(Guid id, Guid key) => File.Delete(PathOf(id, key));

    internal void DeleteRejects(Guid id) => File.Delete(RejectsPath(id));

    /// <summary>Ids of the uploaded files that are still here, with their age.</summary>
    internal IReadOnlyList<(Guid Id, DateTime WrittenAt)> List() => List(".upload");

    /// <summary>Whole paths of the uploaded files that are here, by their imports.</summary>
    internal IReadOnlyList<IGrouping<Guid, string>> FilesOnDisk() => Directory.Exists(lake.PathTo(Folder))
        ? [.. List().Select(f => f.Id).Distinct().SelectMany(id => Directory.GetFiles(lake.PathTo(Folder), $"{id:N}*.upload"), (id, path) => (id, path)).GroupBy(f => f.id, f => f.path)]
        : [];

    internal IReadOnlyList<string> RejectsOnDisk() => [.. ListRejects().Select(f => RejectsPath(f.Id))];

    /// <summary>The same of files of rejects.</summary>
    internal IReadOnlyList<(Guid Id, DateTime WrittenAt)> ListRejects() => List(".rejects.csv");

    private List<(Guid Id, DateTime WrittenAt)> List(string ending)
    {
        var folder = lake.PathTo(Folder);
        return !Directory.Exists(folder) ? [] : [.. Directory.GetFiles(folder, "*" + ending)
            // What follows the import's id after a point tells its further files apart.
            .Select(f => (Parsed: Guid.TryParseExact(Path.GetFileName(f)[..^ending.Length].Split('.')[0], "N", out var id), Id: id,
                At: File.GetLastWriteTimeUtc(f)))
            .Where(f => f.Parsed).Select(f => (f.Id, f.At))];
    }

    private string PathOf(Guid id, Guid? key) => lake.PathTo(key is null ? $"{Folder}/{id:N}.upload" : $"{Folder}/{id:N}.{key:N}.upload");

    private string RejectsPath(Guid id) => lake.PathTo($"{Folder}/{id:N}.rejects.csv");
}
