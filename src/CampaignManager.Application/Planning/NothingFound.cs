using System.Collections.Concurrent;

namespace CampaignManager.Application.Planning;

/// <summary>
/// Searches that left nothing to decide on, so that a reader who looks again does not search again. What is found is stored; this is in
/// memory, and after a restart one look searches once more.
/// </summary>
internal sealed class NothingFound
{
    private readonly ConcurrentDictionary<Guid, Search> last = new();

    /// <summary>What the last search of a campaign came to. One that found something takes back what was remembered.</summary>
    public void Remember(Guid campaignId, int version, Guid modelId, SuggestionList found)
    {
        if (found.Open.Count == 0)
            last[campaignId] = new Search(version, modelId, found);
        else
            last.TryRemove(campaignId, out _);
    }

    /// <summary>What a search of this version with this model came to; null when it would have to be made, or found something.</summary>
    public SuggestionList? Find(Guid campaignId, int version, Guid modelId) =>
        last.TryGetValue(campaignId, out var search) && search.Version == version && search.ModelId == modelId ? search.Found : null;

    private sealed record Search(int Version, Guid ModelId, SuggestionList Found);
}
