using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>What a suggested change is about.</summary>
public enum MoveKind
{
    /// <summary>More categories for a segment.</summary>
    WidenScope,

    /// <summary>Fewer categories for a segment.</summary>
    NarrowScope,

    /// <summary>A segment leaves the audience.</summary>
    DropSegment,

    /// <summary>A segment joins the audience.</summary>
    AddSegment,

    /// <summary>Another threshold or discount.</summary>
    ChangeOffer,
}

/// <summary>One change of a campaign's rules.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Segment">Whom it is for, where it is for a segment.</param>
/// <param name="Categories">Categories added or dropped.</param>
/// <param name="Offer">The new offer, where that changes.</param>
/// <param name="After">The rules after the change.</param>
public sealed record CampaignMove(MoveKind Kind, string? Segment, IReadOnlyList<string> Categories, Offer? Offer, CampaignRules After)
{
    /// <summary>Moves that answer the same question: of these only the best is worth a reader's time.</summary>
    public string Family => Kind switch
    {
        MoveKind.WidenScope or MoveKind.NarrowScope => $"scope:{Segment}",
        MoveKind.DropSegment => $"drop:{Segment}",
        MoveKind.AddSegment => $"add:{Segment}",
        MoveKind.ChangeOffer => "offer",
        _ => throw new InvalidOperationException($"No family for {Kind}."),
    };
}
