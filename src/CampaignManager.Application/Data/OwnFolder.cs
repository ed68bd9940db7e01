namespace CampaignManager.Application.Data;

/// <summary>Folders with data of customers and keys: for the account of the app alone, whatever the umask of who starts it.</summary>
public static class OwnFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes it, with the folders above it that are missing, closed to others.</summary>
    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
    }

    /// <summary>
    /// Makes it; one that is there already, from an earlier release, is closed to others too, but for folders that are plainly not ours
    /// alone (/tmp and its like, a home, a root) and those of another account.
    /// </summary>
    public static void MakeOrClose(string folder)
    {
        Make(folder);
        if (OperatingSystem.IsWindows() || IsShared(folder))
            return;
        try
        {
            var mode = File.GetUnixFileMode(folder);
            if ((mode & Others) != 0 && !mode.HasFlag(UnixFileMode.StickyBit))
                File.SetUnixFileMode(folder, mode & ~Others);
        }
        catch (UnauthorizedAccessException)
        {
            // Another account's: who set it up decides who may look.
        }
    }

    private static bool IsShared(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.GetDirectoryName(full) is null or "/"
            || full == Path.TrimEndingDirectorySeparator(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile))
            || full == Path.TrimEndingDirectorySeparator(Directory.GetCurrentDirectory())
            || File.Exists(Path.Combine(full, "CampaignManager.sln"));
    }
}
