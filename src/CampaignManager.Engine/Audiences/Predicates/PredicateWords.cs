namespace CampaignManager.Engine.Audiences.Predicates;

/// <summary>How the keys that a predicate names are called in the reader's language; the keys themselves where nobody says.</summary>
public sealed record PredicateWords
{
    /// <summary>Categories.</summary>
    public Func<string, string> Category { get; init; } = key => key;

    /// <summary>Segments.</summary>
    public Func<string, string> Segment { get; init; } = key => key;

    /// <summary>Regions.</summary>
    public Func<string, string> Region { get; init; } = key => key;

    /// <summary>Sales channels.</summary>
    public Func<string, string> Channel { get; init; } = key => key;

    /// <summary>Member tiers.</summary>
    public Func<string, string> Tier { get; init; } = key => key;

    internal string Of(WordAttribute attribute, string key) => attribute switch
    {
        WordAttribute.Region => Region(key),
        WordAttribute.Channel => Channel(key),
        WordAttribute.MemberTier => Tier(key),
        _ => key,
    };
}
