using System.Security.Cryptography;
using System.Text.Json;
using CampaignManager.Application.Jobs;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>Model versions as folders under <c>Models:Path</c>. A folder appears whole or not at all, and is read only if its files are what the manifest says.</summary>
public sealed class ModelStore(IOptions<ModelOptions> options, TimeProvider time)
{
    private const string Staging = ".staging";

    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    public string Root { get; } = Path.GetFullPath(options.Value.Path);

    public string FolderOf(Guid id) => Path.Combine(Root, id.ToString("N"));

    public string PathTo(Guid id, string file) => Path.Combine(FolderOf(id), file);

    /// <summary>A folder to write a version's files into. Dispose without commit throws it away.</summary>
    public ModelDraft Begin(Guid id)
    {
        Sweep();
        var folder = Path.Combine(Root, Staging, $"{id:N}-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(folder);
        return new ModelDraft(folder, FolderOf(id));
    }

    public async Task<ModelManifest> ManifestAsync(Guid id, CancellationToken cancellationToken)
    {
        var path = PathTo(id, ModelManifest.FileName);
        if (!File.Exists(path))
            throw new ModelDamagedException(id, ModelManifest.FileName, "is missing");
        try
        {
            return ModelJson.Read<ModelManifest>(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (JsonException)
        {
            throw new ModelDamagedException(id, ModelManifest.FileName, "is cut off or not readable");
        }
    }

    /// <summary>The model, ready to score.</summary>
    public async Task<(ModelManifest Manifest, StoredModel Model)> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        var manifest = await ManifestAsync(id, cancellationToken);
        await VerifyAsync(manifest, ModelManifest.ModelFile, cancellationToken);
        return (manifest, ModelJson.Read<StoredModel>(await File.ReadAllTextAsync(PathTo(id, ModelManifest.ModelFile), cancellationToken)));
    }

    /// <summary>Path of one of the version's files, checked against the manifest.</summary>
    public async Task<string> VerifiedPathAsync(Guid id, string file, CancellationToken cancellationToken)
    {
        await VerifyAsync(await ManifestAsync(id, cancellationToken), file, cancellationToken);
        return PathTo(id, file);
    }

    public static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    // What a killed run was writing; its repetition starts a folder of its own.
    private void Sweep()
    {
        var staging = new DirectoryInfo(Path.Combine(Root, Staging));
        if (!staging.Exists)
            return;
        foreach (var left in staging.GetDirectories().Where(d => d.LastWriteTimeUtc < time.GetUtcNow().UtcDateTime - Abandoned))
            left.Delete(recursive: true);
    }

    private async Task VerifyAsync(ModelManifest manifest, string file, CancellationToken cancellationToken)
    {
        var path = PathTo(manifest.Id, file);
        if (!manifest.Files.TryGetValue(file, out var expected))
            throw new ModelDamagedException(manifest.Id, file, "is not part of this version");
        if (!File.Exists(path))
            throw new ModelDamagedException(manifest.Id, file, "is missing");
        if (await HashAsync(path, cancellationToken) != expected)
            throw new ModelDamagedException(manifest.Id, file, "is not what was written when the model was trained");
    }
}

/// <summary>A version's folder while it is being written.</summary>
public sealed class ModelDraft(string folder, string target) : IDisposable
{
    public string PathTo(string file) => Path.Combine(folder, file);

    /// <summary>Writes the manifest with every file's hash, then shows the folder under its final name.</summary>
    public async Task CommitAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(folder))
            files[Path.GetFileName(path)] = await ModelStore.HashAsync(path, cancellationToken);
        await File.WriteAllTextAsync(PathTo(ModelManifest.FileName), ModelJson.Write(manifest with { Files = files }), cancellationToken);
        RunClaim.Publish(() =>
        {
            // A run killed between this rename and its row in the database left the folder behind: the new one replaces it.
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            Directory.Move(folder, target);
        });
    }

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A version's files are not what was written; nothing is predicted from them.</summary>
public sealed class ModelDamagedException(Guid model, string file, string what)
    : Exception($"Model {model:N} cannot be used: its file {file} {what}. Train again, or roll back to an earlier version.");
