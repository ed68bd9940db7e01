using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Sources;

namespace CampaignManager.Application.ShopData.Reading;

internal enum Seen
{
    New,

    /// <summary>The same id with the same content.</summary>
    Again,

    /// <summary>The same id with another content.</summary>
    Conflict,
}

/// <summary>
/// Ids that a file has said already, each with what its first row said. Held as numbers; beyond <see cref="Most"/> nothing more is
/// remembered, and repeats are found where rows
/// are stored.
/// </summary>
internal sealed class SeenIds
{
    public const int Most = 16_000_000;

    private readonly Dictionary<ulong, uint> contents = [];

    public Seen See(string? id, ulong content)
    {
        var key = id is null ? content : TextHash.Of(id);
        var short32 = (uint)(content ^ (content >> 32));
        if (contents.TryGetValue(key, out var first))
            return id is null || first == short32 ? Seen.Again : Seen.Conflict;
        if (contents.Count < Most)
            contents[key] = short32;
        return Seen.New;
    }

    /// <summary>What a row says, but for columns that a second sending changes.</summary>
    public static ulong ContentOf(ISourceRow row, IReadOnlySet<string> but)
    {
        var hash = 0UL;
        foreach (var (column, text) in row.Filled)
        {
            if (!but.Contains(column))
                hash = unchecked(hash + ((TextHash.Of(column) * 31) ^ TextHash.Of(text)) * 0x9E3779B97F4A7C15UL);
        }

        return hash;
    }
}
