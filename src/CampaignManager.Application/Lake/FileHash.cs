using System.Security.Cryptography;

namespace CampaignManager.Application.Lake;

/// <summary>What a file holds, in a word: files that were written once are known again by it.</summary>
public static class FileHash
{
    /// <returns>SHA-256, lower-case hex.</returns>
    public static async Task<string> OfAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
