using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>A ratio that must not suffer, with the loss that was accepted at launch.</summary>
/// <param name="Metric"><see cref="ReturnRate"/> or <see cref="MarginRate"/>.</param>
/// <param name="Margin">Relative to control's level, above 0: 0.1 is a tenth.</param>
public sealed record GuardrailRule(string Metric, double Margin = Guardrail.UsualMargin)
{
    public const string ReturnRate = "returnRate";
    public const string MarginRate = "marginRate";

    /// <summary>What is watched where nobody said otherwise.</summary>
    public static IReadOnlyList<GuardrailRule> Usual { get; } = [new(ReturnRate), new(MarginRate)];

    internal bool HigherIsWorse => Metric == ReturnRate;
}

/// <summary>What was registered at launch: it decides how the figures are read, and none of it follows from them.</summary>
/// <param name="Preset">What the team wanted to know.</param>
/// <param name="Target">Net profit a customer that is worth knowing, in major units; null is break-even.</param>
/// <param name="Guardrails">What must not suffer.</param>
/// <param name="AttributionDays">Days in which outcomes count.</param>
/// <param name="Planned">n*: customers of both arms expected by the planned end, of 28 days where none is planned; 0 takes those assigned so far.</param>
/// <param name="HasEnd">Whether an end was planned.</param>
/// <param name="EndMoved">The end was moved after launch, or the campaign was ended by hand.</param>
/// <param name="Days">Days it ran or is to run; null where nobody knows: then whole weeks are not asked for.</param>
/// <param name="ContactCost">Cost of telling a customer, major units.</param>
public sealed record ExperimentDesign(
    DecisionPreset Preset, double? Target, IReadOnlyList<GuardrailRule> Guardrails, int AttributionDays, double Planned, bool HasEnd, bool EndMoved, int? Days,
    double ContactCost = 0)
{
    /// <summary>Of a data set: everything is over, nobody looked before, and no end was moved.</summary>
    public static ExperimentDesign OfDataSet { get; } = new(DecisionPreset.ClearSignal, null, [], 14, 0, HasEnd: true, EndMoved: false, Days: null) { Looked = false };

    /// <summary>Whether results could be seen before the end, which takes a part of what may be wrong by chance.</summary>
    public bool Looked { get; init; } = true;

    /// <summary>Alpha of what is read at the end.</summary>
    public double EndAlpha => Looked ? PeekingPlan.EndAlpha : Engine.Experiments.Power.UsualAlpha;

    /// <summary>The first days that are read while it runs.</summary>
    public int FirstDays => PeekingPlan.Days(AttributionDays);

    internal PeekingPlan Peeking(long assigned) => new(Planned > 0 ? Planned : Math.Max(1, assigned), HasEnd);
}
