using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Everything the page, the report and the API say of an experiment as of a moment.</summary>
/// <param name="Experiment">The experiment; a campaign's id where it belongs to one.</param>
/// <param name="AsOf">UTC.</param>
/// <param name="ClosesAt">UTC time at which the last window closes; null while no end is planned.</param>
/// <param name="Closed">The final reading is there.</param>
/// <param name="Provisional">Returns may still come in.</param>
/// <param name="Currency">Of its money; null where there is none.</param>
/// <param name="Design">As registered.</param>
/// <param name="DecisionMetric">Name of the metric that decides.</param>
/// <param name="Banner">The decision with its reason.</param>
/// <param name="Decisions">By arm, where there are several.</param>
/// <param name="Readings">Those there are, the one that counts now first.</param>
/// <param name="After">What followed the end: 28 and 56 days.</param>
/// <param name="Curve">How the decision metric went, day by day.</param>
/// <param name="Health">Whether any of it may be believed.</param>
/// <param name="Epochs">From the first.</param>
public sealed record ExperimentResult(
    Guid Experiment, DateTime AsOf, DateTime? ClosesAt, bool Closed, bool Provisional, string? Currency, ExperimentDesign Design, string DecisionMetric, ResultBanner Banner,
    IReadOnlyList<ArmDecision> Decisions, IReadOnlyList<ReadingResult> Readings, IReadOnlyList<ReadingResult> After, IReadOnlyList<ArmCurve> Curve, ExperimentHealth Health,
    IReadOnlyList<EpochResult> Epochs)
{
    /// <summary>The reading that counts now: final once it is there, else so far; null before anybody is assigned.</summary>
    public ReadingResult? Now => Readings.Count > 0 ? Readings[0] : null;
}

/// <summary>An epoch as it was.</summary>
public sealed record EpochResult(int Epoch, string? VersionId, DateTime From, DateTime? Until, IReadOnlyList<ArmSize> Arms);

/// <summary>An arm's planned share and its customers.</summary>
public sealed record ArmSize(string Arm, double Share, long Customers);

/// <summary>What is to be done, and why.</summary>
/// <param name="Decision">What the page says first.</param>
/// <param name="Reason">One of <see cref="DecisionReason"/>, or the alarm's code.</param>
/// <param name="Arm">The arm it speaks of.</param>
/// <param name="Effect">The decision metric a customer, with the interval the decision was read from; null where there is none.</param>
/// <param name="Interval">The ends that decided, where they are others than the effect's own.</param>
/// <param name="Target">Half a width that would do, major units.</param>
/// <param name="DaysLeft">About so many days until more can be said.</param>
public sealed record ResultBanner(
    Decision Decision, string Reason, string? Arm, EffectInterval? Effect, Band? Interval, double? Target, int? DaysLeft, double GateWeight, double GateNeeded);

/// <summary>What was decided of one arm, with Holm's level where there are several.</summary>
/// <param name="PValue">Of the decision metric.</param>
/// <param name="Adjusted">After Holm over the arms.</param>
/// <param name="Sequence">While it runs: what holds at every look.</param>
public sealed record ArmDecision(string Arm, ResultBanner Banner, double? PValue, double? Adjusted, Band? Sequence);

/// <summary>One of the readings.</summary>
/// <param name="Reading">Which.</param>
/// <param name="Days">d, or the days after.</param>
/// <param name="From">UTC: first assignment.</param>
/// <param name="Until">UTC: until when outcomes count, or customers were assigned in a reading of first days.</param>
/// <param name="Customers">Of all arms.</param>
/// <param name="Comparisons">Each arm against control, then against the current offer.</param>
public sealed record ReadingResult(
    OutcomeReading Reading, int Days, DateTime? From, DateTime? Until, long Customers, IReadOnlyList<ComparisonResult> Comparisons);

/// <summary>An arm against another.</summary>
public sealed record ComparisonResult(
    string Arm, string Against, IReadOnlyList<MetricResult> Metrics, IReadOnlyList<RatioResult> Ratios, IReadOnlyList<GuardrailResult> Guardrails, DiscountSplit? Discount,
    IReadOnlyList<SegmentDimension> Segments)
{
    /// <summary>A metric by its name.</summary>
    public MetricResult? Metric(string name) => Metrics.FirstOrDefault(m => m.Metric == name);
}

/// <summary>One question: does a metric's effect differ between the segments of a dimension?</summary>
/// <param name="Test">Cochran's Q over the segments that can be told; null below two.</param>
/// <param name="Adjusted">Its p after Benjamini–Hochberg over all questions of the experiment.</param>
/// <param name="Differ">Only then may segments be called different.</param>
public sealed record SegmentDimension(
    string Dimension, string Metric, MetricKind Kind, IReadOnlyList<SegmentEffect> Segments, Heterogeneity? Test, double? Adjusted, bool Differ);

/// <summary>A segment as of assignment.</summary>
/// <param name="Adjusted">P after Benjamini–Hochberg over the segments of the metric.</param>
/// <param name="Shrunk">Drawn towards the others (DerSimonian and Laird); this is what is shown. Null where the segment cannot be told.</param>
public sealed record SegmentEffect(string Segment, ArmFigures Control, ArmFigures Treated, EffectInterval Effect, double? Adjusted, double? Shrunk);

/// <summary>How an arm's decision metric went, with the band that looking at it every day allows.</summary>
public sealed record ArmCurve(string Arm, IReadOnlyList<CurvePoint> Points);

/// <summary>One day's look.</summary>
/// <param name="Band">Null before the first look.</param>
public sealed record CurvePoint(DateOnly Day, long Customers, double? Effect, Band? Band);
