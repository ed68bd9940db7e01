using CampaignManager.Application;
using CampaignManager.Application.Data;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Uplift.Models;
using Microsoft.Extensions.Options;

namespace CampaignManager.Web.Hosting;

/// <summary>
/// The folders of the settings, made at start, closed to other accounts, and tried: an app that cannot keep anything says so before anybody
/// works with it.
/// </summary>
public sealed class StartFolders(IOptions<DatabaseOptions> database, IOptions<LakeOptions> lake, IOptions<ModelOptions> models)
{
    /// <exception cref="StartRefusedException">One of them cannot be used.</exception>
    public void Prepare()
    {
        Prepare("Database:Path", () => Path.GetDirectoryName(Path.GetFullPath(database.Value.Path))!);
        Prepare("Lake:Path", () => Path.GetFullPath(lake.Value.Path));
        Prepare("Models:Path", () => Path.GetFullPath(models.Value.Path));
    }

    private static void Prepare(string setting, Func<string> find)
    {
        var folder = "";
        try
        {
            folder = find();
            OwnFolder.MakeOrClose(folder);
            FolderProbe.Write(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StartRefusedException(
                $"{setting}: the folder {folder} {Why(fault)}. Make room or rights for the app there, or set {setting} to another place.");
        }
    }

    private static string Why(Exception fault) => fault switch
    {
        UnauthorizedAccessException => "may not be written by this account",
        IOException when DiskFull.IsMeantBy(fault) => "is on a disk that is full or read-only",
        _ => $"cannot be used ({fault.Message.TrimEnd('.')})",
    };
}
