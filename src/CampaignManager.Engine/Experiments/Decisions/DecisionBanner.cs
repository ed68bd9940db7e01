namespace CampaignManager.Engine.Experiments.Decisions;

/// <summary>What the page says first.</summary>
public enum Decision
{
    /// <summary>An alarm fires: nothing is to be believed.</summary>
    Unhealthy,

    /// <summary>Not enough data.</summary>
    NoData,

    /// <summary>It loses money: stop.</summary>
    Stop,

    /// <summary>Before close: positive so far.</summary>
    PositiveSoFar,

    /// <summary>Before close: about so many days left.</summary>
    DaysLeft,

    /// <summary>It works: keep.</summary>
    Keep,

    /// <summary>It was not measured well enough: repeat with more customers.</summary>
    Repeat,

    /// <summary>Measured well, and neither shown to win nor to lose.</summary>
    Inconclusive,
}

/// <summary>The decision with its reason as a code that pages put into words.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Reason">One of <see cref="DecisionReason"/>, or the alarm's own code.</param>
public sealed record DecisionBanner(Decision Decision, string Reason)
{
    private const int FewestDays = 7;
    private const double HarmAccepted = 0.01;

    /// <summary>Decides, in the order of the design: unhealthy, no data, before close, at close.</summary>
    public static DecisionBanner Of(DecisionFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Alarms.Count > 0) return new DecisionBanner(Decision.Unhealthy, facts.Alarms[0]);
        if (facts.GateWeight < facts.GateNeeded) return new DecisionBanner(Decision.NoData, DecisionReason.Gate);
        if (facts.Estimate is null || facts.Interval is null) return new DecisionBanner(Decision.NoData, DecisionReason.NoSpread);
        return facts.Closed ? AtClose(facts, facts.Estimate.Value) : BeforeClose(facts);
    }

    private static DecisionBanner BeforeClose(DecisionFacts facts) => facts.Sequence switch
    {
        { High: < 0 } => new DecisionBanner(Decision.Stop, DecisionReason.SequenceBelow),
        { Low: > 0 } => new DecisionBanner(Decision.PositiveSoFar, DecisionReason.SequenceAbove),
        _ => new DecisionBanner(Decision.DaysLeft, facts.Sequence is null ? DecisionReason.BeforeFirstLook : DecisionReason.StillOpen),
    };

    private static DecisionBanner AtClose(DecisionFacts facts, double estimate)
    {
        if ((facts.EndMoved ? facts.SequenceOnlyInterval : facts.Interval) is not { } read) return new DecisionBanner(Decision.NoData, DecisionReason.NoSpread);
        if (facts.Days < FewestDays || facts.Days % FewestDays != 0) return new DecisionBanner(Decision.Repeat, DecisionReason.NotWholeWeeks);
        var harmless = facts.Preset == DecisionPreset.DoNoHarm && estimate > 0 && read.Low > -HarmAccepted * Math.Abs(facts.ControlMargin);
        if (read.Low > 0 || harmless)
        {
            return facts.GuardrailHarm ? new DecisionBanner(Decision.Inconclusive, DecisionReason.Guardrail)
                : new DecisionBanner(Decision.Keep, read.Low > 0 ? DecisionReason.IntervalAbove : DecisionReason.NoHarm);
        }
        if (read.High < 0) return new DecisionBanner(Decision.Stop, DecisionReason.IntervalBelow);
        return (read.High - read.Low) / 2 > facts.Target ? new DecisionBanner(Decision.Repeat, DecisionReason.TooWide)
            : new DecisionBanner(Decision.Inconclusive, DecisionReason.Narrow);
    }
}

/// <summary>Reasons of a decision.</summary>
public static class DecisionReason
{
    /// <summary>Buyers below the gate.</summary>
    public const string Gate = "gate";

    /// <summary>The interval cannot be told.</summary>
    public const string NoSpread = "no-spread";

    /// <summary>The sequence lies below 0.</summary>
    public const string SequenceBelow = "sequence-below-zero";

    /// <summary>The sequence lies above 0.</summary>
    public const string SequenceAbove = "sequence-above-zero";

    /// <summary>Fewer than 100 conversions in an arm.</summary>
    public const string BeforeFirstLook = "before-first-look";

    /// <summary>The sequence holds 0.</summary>
    public const string StillOpen = "still-open";

    /// <summary>It ran less than a week, or not for whole weeks.</summary>
    public const string NotWholeWeeks = "not-whole-weeks";

    /// <summary>The interval lies above 0.</summary>
    public const string IntervalAbove = "interval-above-zero";

    /// <summary>Positive, and shown not to do harm.</summary>
    public const string NoHarm = "no-harm";

    /// <summary>A guardrail proves harm.</summary>
    public const string Guardrail = "guardrail-harm";

    /// <summary>The interval lies below 0.</summary>
    public const string IntervalBelow = "interval-below-zero";

    /// <summary>The interval is wider than the target.</summary>
    public const string TooWide = "wider-than-target";

    /// <summary>Narrow enough, and 0 lies in it.</summary>
    public const string Narrow = "holds-zero";
}
