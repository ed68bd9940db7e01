namespace CampaignManager.Engine.Offers.Clashes;

/// <summary>How two campaigns get into each other's way; the first is the one looked at ("mine"), the second the other.</summary>
public enum ClashKind
{
    /// <summary>Mine applies alone: where it does, the other one does not.</summary>
    MineAlone,

    /// <summary>The other one applies alone.</summary>
    OtherAlone,

    /// <summary>Both apply alone: never both.</summary>
    BothAlone,

    /// <summary>Both react to the same code.</summary>
    SameCode,

    /// <summary>One group: only the better of the two applies.</summary>
    SameGroup,

    /// <summary>The other one's discount comes first and takes mine below its threshold.</summary>
    LosesThreshold,

    /// <summary>My discount comes first and takes the other one below its threshold.</summary>
    TakesThreshold,

    /// <summary>Mine skips goods that the other one has reduced.</summary>
    SkipsReduced,

    /// <summary>The other one skips goods that mine has reduced.</summary>
    OtherSkipsReduced,

    /// <summary>Both form sets of the same goods: a unit serves once.</summary>
    SharesUnits,

    /// <summary>Both waive the same shipping.</summary>
    SameShipping,

    /// <summary>Both come off the same goods, one after the other.</summary>
    SameGoods,
}

/// <summary>Who applies where one of two campaigns applies alone.</summary>
public enum ClashWinner
{
    /// <summary>Whichever leaves the customer less to pay.</summary>
    Better,

    /// <summary>Mine.</summary>
    Mine,

    /// <summary>The other one.</summary>
    Other,
}

/// <summary>One clash between two campaigns, with an example basket that shows it. Money in minor units of their currency.</summary>
/// <param name="Kind">What happens.</param>
public sealed record Clash(ClashKind Kind)
{
    /// <summary>Who applies; for the kinds where one applies alone.</summary>
    public ClashWinner Winner { get; init; }

    /// <summary>The group, or the code, that both have.</summary>
    public string? Shared { get; init; }

    /// <summary>The example's goods at list prices; zero when there is none.</summary>
    public long Basket { get; init; }

    /// <summary>What the one that comes first takes off the example.</summary>
    public long FirstOff { get; init; }

    /// <summary>What both take off the example together.</summary>
    public long BothOff { get; init; }

    /// <summary>The threshold that is lost.</summary>
    public long Threshold { get; init; }

    /// <summary>Whether mine has its turn before the other one.</summary>
    public bool MineFirst { get; init; }

    /// <summary>True where somebody loses an offer that was meant for them; the rest is worth a look.</summary>
    public bool IsSerious => Kind is ClashKind.MineAlone or ClashKind.OtherAlone or ClashKind.BothAlone or ClashKind.SameCode or ClashKind.LosesThreshold or ClashKind.TakesThreshold;
}
