using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Imports;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>Makes an import of files that nobody uploads by hand. Under the same id it is made once, however often it is tried.</summary>
internal sealed class IncomingImports(ImportService imports, ImportViews list, UploadStore uploads)
{
    /// <param name="id">Of the import.</param>
    /// <param name="kind">What the files hold.</param>
    /// <param name="mapping">How they are read.</param>
    /// <param name="files">Where they lie, by the names people know them under.</param>
    /// <param name="cancel">Stops; the next try goes on.</param>
    public async Task<Outcome> StartAsync(
        Guid id, string kind, ShopMapping mapping, IReadOnlyList<(string Name, string Path)> files, CancellationToken cancel)
    {
        if (await list.FindAsync(id, cancel) is not { } view)
        {
            // What a worker that died has left of it.
            uploads.Delete(id);
            await using var first = File.OpenRead(files[0].Path);
            var made = await imports.UploadAsync(Actor.System, files[0].Name, first, cancel, kind, id);
            if (!made.Succeeded)
                return made.Failure;
            view = (await list.FindAsync(id, cancel))!;
        }

        if (view.State != ImportState.Uploaded)
            return Outcome.Success;
        foreach (var (name, path) in files.Skip(view.Files.Count))
        {
            await using var more = File.OpenRead(path);
            if (await imports.AddFileAsync(Actor.System, id, name, more, cancel) is { Succeeded: false } refused)
                return refused;
        }

        return await imports.StartAsync(Actor.System, id, mapping, cancel);
    }
}
