using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Planning;

/// <summary>Changes of who gets the offer.</summary>
public static class AudienceMoves
{
    /// <summary>Drops a segment from the audience.</summary>
    /// <param name="rules">The campaign.</param>
    /// <param name="segment">The segment's key.</param>
    public static CampaignMove Drop(CampaignRules rules, string segment)
    {
        var audience = rules.Audience;
        var named = audience.AnyOf.Contains(segment);
        return new CampaignMove(MoveKind.DropSegment, segment, [], null, rules with
        {
            // A segment that was named simply goes; one that was in by "everyone" has to be excluded.
            Audience = named && audience.AnyOf.Count > 1
                ? audience with { AnyOf = [.. audience.AnyOf.Where(s => s != segment)] }
                : audience with { NoneOf = [.. audience.NoneOf, segment] },
        });
    }

    /// <summary>Adds a segment to the audience.</summary>
    public static CampaignMove Add(CampaignRules rules, string segment)
    {
        var audience = rules.Audience;
        return new CampaignMove(MoveKind.AddSegment, segment, [], null, rules with
        {
            Audience = audience with
            {
                AnyOf = audience.AnyOf.Count == 0 ? [] : [.. audience.AnyOf, segment],
                NoneOf = [.. audience.NoneOf.Where(s => s != segment)],
            },
        });
    }
}
