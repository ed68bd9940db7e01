using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Data;

/// <summary>
/// Beside SQLite one process serves: it holds a file beside the database for as long as it lives. Commands such as <c>create-api-key</c>
/// may run next to it. The operating system lets go of the file when the process dies, however it dies.
/// </summary>
public sealed class ServingLock(IOptions<DatabaseOptions> options) : IDisposable
{
    private FileStream? hold;

    /// <exception cref="StartRefusedException">Another process serves this database.</exception>
    public void Take()
    {
        if (options.Value.IsPostgreSql)
            return;
        var path = Path.GetFullPath(options.Value.Path) + ".serving";
        OwnFolder.Make(Path.GetDirectoryName(path)!);
        try
        {
            hold ??= new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (!DiskFull.IsMeantBy(fault))
        {
            throw new StartRefusedException(
                $"Another process already serves the database {options.Value.Path}: SQLite serves one. "
                + "Stop it first, or set Database:Provider to PostgreSql for several.");
        }
    }

    public void Dispose() => hold?.Dispose();
}
