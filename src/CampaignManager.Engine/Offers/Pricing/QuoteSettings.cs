namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Who wins when a campaign applies alone.</summary>
[ClosedSet]
public enum ConflictResolution
{
    /// <summary>The lowest payable total of all non-exclusive campaigns together and each exclusive one alone.</summary>
    BestForCustomer,

    /// <summary>The exclusive campaign of the highest priority, where one applies.</summary>
    Priority,
}

/// <summary>How much of the trace an answer carries.</summary>
public enum Explain
{
    /// <summary>Applied campaigns only.</summary>
    None,

    /// <summary>What a shopper may know: nothing of holdouts, nor of codes that were not typed.</summary>
    Shopper,

    /// <summary>Every campaign looked at.</summary>
    Full,
}

/// <summary>The shop's settings and how a quote is asked for.</summary>
public sealed record QuoteSettings
{
    /// <summary>The usual settings.</summary>
    public static QuoteSettings Default { get; } = new();

    /// <summary>Who wins when a campaign applies alone.</summary>
    public ConflictResolution ConflictResolution { get; init; }

    /// <summary>How much is explained.</summary>
    public Explain Explain { get; init; } = Explain.Full;

    /// <summary>Every campaign holds the cart's customer out.</summary>
    public bool HeldOutOfAll { get; init; }

    /// <summary>Simulations hold nobody out.</summary>
    public bool IgnoreHoldouts { get; init; }

    /// <summary>Simulations know no limits and budgets.</summary>
    public bool IgnoreLimits { get; init; }
}
