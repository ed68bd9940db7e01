namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Why a campaign does not apply.</summary>
public enum ReasonCode
{
    /// <summary>It applies.</summary>
    Applied,

    /// <summary>Before its start.</summary>
    NotStarted,

    /// <summary>After its end.</summary>
    Ended,

    /// <summary>Held by a person.</summary>
    Paused,

    /// <summary>Outside its weekly hours.</summary>
    OutsideHours,

    /// <summary>The customer, channel or region is not meant.</summary>
    NotInAudience,

    /// <summary>The customer is in the control arm; staff only.</summary>
    Holdout,

    /// <summary>It is limited by customer, and the cart does not say whose it is.</summary>
    CustomerNeeded,

    /// <summary>It takes a code and the cart has none.</summary>
    CodeRequired,

    /// <summary>None of the cart's codes is its own.</summary>
    CodeUnknown,

    /// <summary>The code was put out of use.</summary>
    CodeRevoked,

    /// <summary>The code has been used as often as it may.</summary>
    CodeUsedUp,

    /// <summary>No selected line is in its scope.</summary>
    NothingInScope,

    /// <summary>The threshold is not reached.</summary>
    BelowThreshold,

    /// <summary>Another member of its group is better.</summary>
    LostInGroup,

    /// <summary>A campaign that applies alone, or the others together, shut it out.</summary>
    ExcludedBy,

    /// <summary>Its budget does not suffice.</summary>
    BudgetExhausted,

    /// <summary>It has been used as often as it may.</summary>
    LimitReached,

    /// <summary>It is in another currency.</summary>
    CurrencyMismatch,

    /// <summary>It would change nothing.</summary>
    NoEffect,
}

/// <summary>The names of reasons in the API.</summary>
public static class ReasonCodes
{
    private static readonly string[] Names =
    [
        "applied", "not-started", "ended", "paused", "outside-hours", "not-in-audience", "holdout", "customer-needed", "code-required", "code-unknown", "code-revoked",
        "code-used-up", "nothing-in-scope",
        "below-threshold", "lost-in-group", "excluded-by", "budget-exhausted", "limit-reached", "currency-mismatch", "no-effect",
    ];

    /// <summary>For this reason a code does nothing, whatever else is in the cart: an order that does not say what it expects to pay is refused.</summary>
    public static bool FailsCode(ReasonCode code) => code is ReasonCode.CodeUnknown or ReasonCode.CodeRevoked or ReasonCode.CodeUsedUp or ReasonCode.Ended or ReasonCode.Paused
        or ReasonCode.LimitReached or ReasonCode.BudgetExhausted or ReasonCode.Holdout;

    /// <summary>The kebab-case name.</summary>
    public static string Name(this ReasonCode code) => Names[(int)code];
}
