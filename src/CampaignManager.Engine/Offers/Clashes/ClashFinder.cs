using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Offers.Clashes;

/// <summary>
/// Finds how two campaigns clash that meet in time and audience. What depends on prices is not reasoned about but tried: example baskets are priced with each
/// campaign alone and with both, by the engine that prices orders.
/// </summary>
public static class ClashFinder
{
    /// <summary>All clashes, the gravest first; empty when each does as it would alone.</summary>
    /// <param name="mine">The campaign looked at, with valid rules.</param>
    /// <param name="other">The other one, with valid rules and another id.</param>
    /// <param name="shared">An item that both scopes cover; null when there is none.</param>
    /// <param name="resolution">Who wins where one applies alone.</param>
    /// <param name="issued">A code that was issued for one and sets off the other, too; null where there is none.</param>
    public static IReadOnlyList<Clash> Between(LiveCampaign mine, LiveCampaign other, CartLine? shared, ConflictResolution resolution, string? issued = null)
    {
        ArgumentNullException.ThrowIfNull(mine);
        ArgumentNullException.ThrowIfNull(other);
        if (mine.Rules.Currency != other.Rules.Currency)
            return [];
        List<Clash> clashes = [];
        if (Alone(mine, other, resolution) is { } alone)
            clashes.Add(alone);
        if ((SameCode(mine.Rules, other.Rules) ?? issued) is { } code)
            clashes.Add(new Clash(ClashKind.SameCode) { Shared = code });
        if (clashes.Any(c => c.Kind != ClashKind.SameCode))
            return clashes;
        if (mine.Rules.Combining.Group is { Length: > 0 } group && group == other.Rules.Combining.Group)
            clashes.Add(new Clash(ClashKind.SameGroup) { Shared = group });
        else if (mine.Rules.Offer is FreeShipping && other.Rules.Offer is FreeShipping)
            clashes.Add(new Clash(ClashKind.SameShipping));
        else if (shared is not null)
            clashes.AddRange(new ClashTrial(mine, other, shared).Run());
        return clashes;
    }

    private static Clash? Alone(LiveCampaign mine, LiveCampaign other, ConflictResolution resolution)
    {
        var (me, they) = (mine.Rules.Combining, other.Rules.Combining);
        if (!me.Exclusive && !they.Exclusive)
            return null;
        var byPriority = me.Priority != they.Priority ? me.Priority > they.Priority : string.CompareOrdinal(mine.Id, other.Id) < 0;
        var (kind, winner) = (me.Exclusive, they.Exclusive) switch
        {
            (true, true) => (ClashKind.BothAlone, byPriority ? ClashWinner.Mine : ClashWinner.Other),
            (true, false) => (ClashKind.MineAlone, ClashWinner.Mine),
            _ => (ClashKind.OtherAlone, ClashWinner.Other),
        };
        return new Clash(kind) { Winner = resolution == ConflictResolution.Priority ? winner : ClashWinner.Better };
    }

    private static string? SameCode(CampaignRules mine, CampaignRules other) =>
        mine.Trigger.Code is { } a && other.Trigger.Code is { } b && CouponCode.Normalise(a) == CouponCode.Normalise(b) ? a.Trim() : null;
}
