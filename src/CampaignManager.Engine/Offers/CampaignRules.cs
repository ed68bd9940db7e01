using System.Text.Json.Serialization;
using CampaignManager.Engine.Audiences;

namespace CampaignManager.Engine.Offers;

/// <summary>Everything that says what a campaign does, for whom and when: the versioned part of a campaign. Amounts are major units.</summary>
public sealed record CampaignRules
{
    /// <summary>ISO 4217 code of every amount in the rules.</summary>
    public string Currency { get; init; } = "CNY";

    /// <summary>What is granted.</summary>
    public Offer Offer { get; init; } = new FullReduction { Tiers = [new SpendTier(200, 30)] };

    /// <summary>On which goods.</summary>
    public Scope Scope { get; init; } = new();

    /// <summary>For whom.</summary>
    public Audience Audience { get; init; } = new();

    /// <summary>How it stands beside other campaigns.</summary>
    public Combining Combining { get; init; } = new();

    /// <summary>What sets it off.</summary>
    public Trigger Trigger { get; init; } = new();

    /// <summary>When.</summary>
    public Schedule Schedule { get; init; } = new();

    /// <summary>How much and how often.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>What a return that breaks a threshold does.</summary>
    public ReturnPolicy ReturnPolicy { get; init; }

    /// <summary>How its effect is measured.</summary>
    public ExperimentPlan Experiment { get; init; } = new();

    /// <summary>The class in which it works.</summary>
    [JsonIgnore]
    public OfferClass Class => Combining.Class ?? Offer.OwnClass;
}

/// <summary>Which goods count: exclude wins over include; <see cref="ScopeSelector.All"/> or nothing included means everything.</summary>
public sealed record Scope
{
    /// <summary>What is in; null means everything.</summary>
    public ScopeSelector? Include { get; init; }

    /// <summary>What is out in any case.</summary>
    public ScopeSelector? Exclude { get; init; }

    /// <summary>Skips lines an earlier campaign has reduced.</summary>
    public bool OnlyUndiscounted { get; init; }

    /// <summary>Only the one cheapest eligible unit is discounted.</summary>
    public bool CheapestOnly { get; init; }

    /// <summary>Thresholds count amounts net of tax.</summary>
    public bool ThresholdNetOfTax { get; init; }

    /// <summary>
    /// Categories that differ by segment: for the segment named, <see cref="Include"/>'s categories are replaced by these.
    /// A shop can so widen the scope for new customers only.
    /// </summary>
    public IReadOnlyList<SegmentScope> PerSegment { get; init; } = [];

    /// <summary>True when no list narrows the scope.</summary>
    [JsonIgnore]
    public bool IsEverything => (Include is null || Include.All || Include.IsEmpty) && (Exclude is null || Exclude.IsEmpty);
}

/// <summary>Categories in scope for customers of one segment.</summary>
public sealed record SegmentScope(string Segment, IReadOnlyList<string> Categories);

/// <summary>A selection of goods.</summary>
public sealed record ScopeSelector
{
    /// <summary>Everything.</summary>
    public bool All { get; init; }

    /// <summary>Category keys, with their descendants.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Brands.</summary>
    public IReadOnlyList<string> Brands { get; init; } = [];

    /// <summary>SKUs.</summary>
    public IReadOnlyList<string> Skus { get; init; } = [];

    /// <summary>Product tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>True when nothing is named.</summary>
    [JsonIgnore]
    public bool IsEmpty => !All && Categories.Count == 0 && Brands.Count == 0 && Skus.Count == 0 && Tags.Count == 0;
}

/// <summary>How a campaign stands beside others.</summary>
public sealed record Combining
{
    /// <summary>When its turn comes; null for the mechanic's own class.</summary>
    public OfferClass? Class { get; init; }

    /// <summary>High first.</summary>
    public int Priority { get; init; }

    /// <summary>Of one group only the best applies.</summary>
    public string? Group { get; init; }

    /// <summary>Applies alone.</summary>
    public bool Exclusive { get; init; }

    /// <summary>What thresholds count.</summary>
    public ThresholdBase ThresholdBase { get; init; }
}

/// <summary>Automatic when neither is set, else by a coupon code.</summary>
public sealed record Trigger
{
    /// <summary>The generic code, one for everybody; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>Set off by codes issued one by one, too: without one of them nothing is granted.</summary>
    public bool UniqueCodes { get; init; }
}

/// <summary>
/// Local days or moments in the campaign's zone; an <see cref="End"/> without a time includes that whole day, one with a time does not include that moment. Null start: from launch; null
/// end: open.
/// </summary>
public sealed record Schedule
{
    /// <summary>IANA zone.</summary>
    public string TimeZone { get; init; } = "Asia/Shanghai";

    /// <summary>First local day, or the moment at which it begins.</summary>
    public LocalMoment? Start { get; init; }

    /// <summary>Last local day, whole, or the first moment after.</summary>
    public LocalMoment? End { get; init; }

    /// <summary>Weekly windows in local time; empty means always.</summary>
    public IReadOnlyList<WeeklyWindow> Weekly { get; init; } = [];
}

/// <summary>On these days, from a time to a time, local.</summary>
public sealed record WeeklyWindow(IReadOnlyList<string> Days, string From, string To);

/// <summary>How much and how often. Money in major units.</summary>
[NotYet("usesPerPerson")]
public sealed record Limits
{
    /// <summary>Discount budget.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Uses in all.</summary>
    public int? Uses { get; init; }

    /// <summary>Uses per customer.</summary>
    public int? UsesPerCustomer { get; init; }

    /// <summary>Uses per code.</summary>
    public int? UsesPerCode { get; init; }

    /// <summary>Uses per local day.</summary>
    public int? UsesPerDay { get; init; }

    /// <summary>What happens when the budget does not cover the whole effect.</summary>
    public OnBudgetShort OnBudgetShort { get; init; }

    /// <summary>A cancelled order gives its use back.</summary>
    public bool ReusableOnCancel { get; init; } = true;

    /// <summary>How long a reservation holds.</summary>
    public int ReservationMinutes { get; init; } = 30;
}

/// <summary>The random holdout and the window in which outcomes count.</summary>
[NotYet("contactCost", "0")]
[NotYet("target")]
[NotYet("preset", "\"clear-signal\"")]
[NotYet("guardrails", "[]")]
[NotYet("arms", "[]")]
public sealed record ExperimentPlan
{
    /// <summary>Percent of the audience that does not get the offer.</summary>
    public decimal HoldoutPercent { get; init; } = 10;

    /// <summary>Days after assignment in which outcomes count.</summary>
    public int AttributionDays { get; init; } = 14;
}
