using CampaignManager.Application.Experiments.Results;

namespace CampaignManager.Web.Campaigns.Results;

/// <summary>One metric of an arm against another.</summary>
/// <param name="Capped">Each customer capped, skewness-corrected; null where money has no cap, and of other metrics.</param>
/// <param name="Raw">Whole amounts.</param>
/// <param name="Relative">Over control, after Fieller; null where it may not be shown.</param>
/// <param name="Cuped">Adjusted for what was known before; <c>cut</c> is the share of the variance it takes away.</param>
/// <param name="Sequence">While it runs: holds at every look.</param>
/// <param name="Total">Over all treated, never capped.</param>
/// <param name="Reason">Why there is no interval.</param>
public sealed record ResultMetric(
    string Metric, string Arm, string Against, ResultSide Control, ResultSide Treated, ResultCapped? Capped, ResultEffect Raw, ResultRelative? Relative, ResultCuped? Cuped,
    ResultBand? Sequence, ResultTotal Total, string? Reason)
{
    public static ResultMetric Of(ComparisonResult comparison, MetricResult metric, ExperimentResult result)
    {
        var relative = metric.Capped?.Relative ?? metric.Relative;
        var sequence = metric.Metric == result.DecisionMetric ? result.Decisions.FirstOrDefault(d => d.Arm == comparison.Arm && comparison.Against != "current")?.Sequence : null;
        return new ResultMetric(
            metric.Metric, comparison.Arm, comparison.Against, ResultSide.Of(metric.Control), ResultSide.Of(metric.Treated),
            metric.Capped is { } c ? new ResultCapped(c.Cap, c.Effect.Estimate, c.Effect.Low, c.Effect.High, c.Effect.PValue) : null, ResultEffect.Of(metric.Effect),
            relative is { Shown: true, Delta.Estimate: { } value, Fieller: { } fieller } ? new ResultRelative(value, fieller.Low, fieller.High) : null,
            metric.Cuped is { } cuped ? new ResultCuped(cuped.Adjusted.Estimate, cuped.Adjusted.Low, cuped.Adjusted.High, cuped.VarianceCut) : null,
            sequence is { } band ? new ResultBand(band.Low, band.High) : null, ResultTotal.Of(metric.Total), metric.Reason);
    }
}

/// <summary>An arm's raw figures.</summary>
public sealed record ResultSide(long N, double? Mean, double Sum)
{
    public static ResultSide Of(ArmFigures arm) => new(arm.Count, arm.Mean, arm.Sum);
}

public sealed record ResultCapped(double Cap, double? Difference, double? Low, double? High, double? P);

public sealed record ResultRelative(double Value, double Low, double High);

public sealed record ResultCuped(double? Difference, double? Low, double? High, double? Cut);

public sealed record ResultBand(double Low, double High);

/// <summary>One question: does a metric's effect differ between the segments of a dimension?</summary>
/// <param name="Q">Cochran's; null where it cannot be asked.</param>
/// <param name="PAdjusted">Its p after Benjamini–Hochberg over all questions.</param>
/// <param name="Differ">Only then may segments be called different.</param>
public sealed record ResultSegments(
    string Dimension, string Metric, string Arm, string Against, double? Q, int? DegreesOfFreedom, double? P, double? PAdjusted, bool Differ, IReadOnlyList<ResultSegment> Segments)
{
    public static ResultSegments Of(ComparisonResult comparison, SegmentDimension s) => new(
        s.Dimension, s.Metric, comparison.Arm, comparison.Against, s.Test?.Q, s.Test?.DegreesOfFreedom, s.Test?.PValue, s.Adjusted, s.Differ,
        [.. s.Segments.Select(e => new ResultSegment(e.Segment, ResultSide.Of(e.Control), ResultSide.Of(e.Treated), ResultEffect.Of(e.Effect), e.Adjusted, e.Shrunk))]);
}

/// <param name="PAdjusted">After Benjamini–Hochberg over the metric's segments.</param>
/// <param name="Shrunk">Drawn towards the others: the figure to use.</param>
public sealed record ResultSegment(string Segment, ResultSide Control, ResultSide Treated, ResultEffect Effect, double? PAdjusted, double? Shrunk);
