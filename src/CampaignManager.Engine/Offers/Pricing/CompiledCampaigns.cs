namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Campaigns made ready for pricing: once, then shared between threads and calls. Immutable, but for what it remembers of arms drawn.</summary>
public sealed class CompiledCampaigns
{
    private CompiledCampaigns(CompiledCampaign[] turns, ScopeIndex scopes, CompiledCampaign[][] groups)
    {
        (Turns, Scopes, Groups) = (turns, scopes, groups);
        Exclusives = [.. turns.Where(c => c.Exclusive)];
        Array.Sort(Exclusives, CompiledCampaign.ByPriority);
        ByCode = turns.Where(c => c.Code is not null).ToLookup(c => c.Code!, StringComparer.Ordinal);
        ById = turns.ToDictionary(c => c.Id, StringComparer.Ordinal);
        Arms = new KnownArms(turns.Length);
    }

    /// <summary>How many there are.</summary>
    public int Count => Turns.Length;

    /// <summary>All, in the order in which they are tried.</summary>
    internal CompiledCampaign[] Turns { get; }

    internal CompiledCampaign[] Exclusives { get; }

    /// <summary>Members by group, high priority first; exclusive campaigns apply alone and belong to none.</summary>
    internal CompiledCampaign[][] Groups { get; }

    internal ScopeIndex Scopes { get; }

    internal ILookup<string, CompiledCampaign> ByCode { get; }

    internal Dictionary<string, CompiledCampaign> ById { get; }

    /// <summary>By a campaign's place in <see cref="Turns"/>.</summary>
    internal KnownArms Arms { get; }

    /// <summary>Compiles campaigns whose rules are valid.</summary>
    /// <param name="campaigns">With different ids; their order does not matter.</param>
    /// <param name="categories">Which category lies in which; null: by their keys alone.</param>
    /// <exception cref="ArgumentException">Two campaigns have one id, or rules are not valid.</exception>
    public static CompiledCampaigns Of(IEnumerable<LiveCampaign> campaigns, CategoryTree? categories = null)
    {
        ArgumentNullException.ThrowIfNull(campaigns);
        var scopes = new ScopeIndex.Builder();
        CompiledCampaign[] turns = [.. campaigns.OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => new CompiledCampaign(c, scopes))];
        Array.Sort(turns, CompiledCampaign.ByTurn);
        for (var i = 0; i < turns.Length; i++)
            turns[i].Index = i;
        var groups = turns.Where(c => c is { Exclusive: false, Rules.Combining.Group.Length: > 0 }).GroupBy(c => c.Rules.Combining.Group, StringComparer.Ordinal)
            .Select(g => g.ToArray()).ToArray();
        for (var g = 0; g < groups.Length; g++)
        {
            Array.Sort(groups[g], CompiledCampaign.ByPriority);
            foreach (var member in groups[g])
                member.Group = g;
        }

        return new CompiledCampaigns(turns, scopes.Build(categories ?? CategoryTree.Flat), groups);
    }
}
