namespace CampaignManager.Engine.Experiments.Decisions;

/// <summary>What the team wanted to know.</summary>
public enum DecisionPreset
{
    /// <summary>Keep only what is shown to bring profit.</summary>
    ClearSignal,

    /// <summary>Keep what looks good and is shown not to lose more than 1 % of control's margin.</summary>
    DoNoHarm,
}

/// <summary>An interval without its inner life.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Band(double Low, double High);

/// <summary>Everything the banner is made of; money is net profit per customer in one unit.</summary>
/// <param name="Alarms">Health alarms that fire, as codes.</param>
/// <param name="GateWeight">Buyers × smaller share, see <see cref="Estimates.Gates"/>.</param>
/// <param name="GateNeeded">What that takes.</param>
/// <param name="Closed">The final reading is there: everybody's window is over.</param>
/// <param name="Days">Days assigned so far, of the planned ones.</param>
/// <param name="Estimate">The capped, unadjusted estimate; null where it cannot be told.</param>
/// <param name="Interval">Hall's interval at the level of the planned end; null where it cannot be told.</param>
/// <param name="Sequence">The confidence sequence at this look; null before the first look and without spread.</param>
/// <param name="EndMoved">The end was moved after launch, or the campaign ended by hand: only the sequence's level is left.</param>
/// <param name="SequenceOnlyInterval">The interval at the sequence's level, read where the end moved.</param>
/// <param name="ControlMargin">Control's margin per customer.</param>
/// <param name="Target">Half width the team asked for: the target effect per customer.</param>
/// <param name="GuardrailHarm">A guardrail proves harm.</param>
/// <param name="DaysLeft">About how many days until the target can be seen; null where unknown.</param>
/// <param name="Preset">What the team wanted to know.</param>
public sealed record DecisionFacts(
    IReadOnlyList<string> Alarms, double GateWeight, double GateNeeded, bool Closed, int Days, double? Estimate, Band? Interval, Band? Sequence,
    bool EndMoved, Band? SequenceOnlyInterval, double ControlMargin, double Target, bool GuardrailHarm, double? DaysLeft,
    DecisionPreset Preset = DecisionPreset.ClearSignal);
