using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CampaignManager.Application.Lake;

/// <summary>Waits until files and names are on the disk, so that a power cut takes nothing of them back.</summary>
internal static partial class OnDisk
{
    public static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>These folders' names and those of the folders they lie in, up to the root.</summary>
    public static void FlushFolders(IEnumerable<string> folders, string root)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            for (var at = folder; at is not null && at.Length >= root.Length && all.Add(at); at = Path.GetDirectoryName(at))
            {
            }
        }

        foreach (var folder in all.OrderByDescending(f => f.Length))
            FlushFolder(folder);
    }

    /// <summary>Names of new and renamed files live in their folder. Windows writes them through by itself.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        // .NET opens no folders.
        using var handle = new SafeFileHandle(Open(folder, 0), ownsHandle: true);
        if (!handle.IsInvalid && Sync(handle) != 0 && Marshal.GetLastPInvokeError() is not (InvalidForThis or NotSupported) and var fault)
            throw new IOException($"The folder {folder} could not be written to the disk (error {fault}).", fault);
    }

    // Some network file systems know no flush of a folder: they keep names by themselves.
    private const int InvalidForThis = 22;
    private const int NotSupported = 95;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);
}
