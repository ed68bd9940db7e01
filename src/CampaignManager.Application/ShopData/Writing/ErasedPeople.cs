using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Who was erased, known again by a keyed hash alone.</summary>
internal sealed class ErasedPeople(LakeCatalogue catalogue, ErasureKey? key)
{
    private readonly Dictionary<string, DateTime> erased = catalogue.Erased.GroupBy(e => e.Hash).ToDictionary(g => g.Key, g => g.Max(e => e.At), StringComparer.Ordinal);

    /// <summary>How many ids are refused: more than before, somebody was erased meanwhile.</summary>
    public int Count => erased.Count;

    /// <summary>Whether a row of that time is of somebody erased since; without a time it is of whoever was ever erased.</summary>
    public bool Refuses(string? customer, DateTime? at) =>
        erased.Count > 0 && customer is not null && erased.TryGetValue(Key.HashOf(customer), out var when) && (at is null || at < when);

    private ErasureKey Key => key ?? throw new InvalidOperationException("People were erased from this lake, and the key that knows them again is not here.");
}
