namespace CampaignManager.Application.Data;

/// <summary>Whether a folder takes bytes: one that can be opened may still be full, or read-only by now.</summary>
public static class FolderProbe
{
    // What a killed probe leaves is overwritten by the next.
    private const string Name = ".probe";

    private static readonly byte[] Bytes = new byte[64 * 1024];

    /// <exception cref="IOException">It does not.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not.</exception>
    public static void Write(string folder)
    {
        var file = Path.Combine(folder, Name);
        try
        {
            using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
            stream.Write(Bytes);
            stream.Flush(flushToDisk: true);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
