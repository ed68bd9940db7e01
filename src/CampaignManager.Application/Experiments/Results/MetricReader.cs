using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Reads one metric of two arms, behind its gate.</summary>
internal static class MetricReader
{
    /// <summary>A gate that is not passed, as the reason of an effect without ends.</summary>
    public const string Gated = DecisionReason.Gate;

    /// <summary>Null where an arm has no such sums.</summary>
    public static MetricResult? Read(IReadOnlyList<ArmPair> pairs, MetricColumn column, double alpha)
    {
        if (Sums(pairs, column.Sums) is not { Count: > 0 } whole)
            return null;
        var weight = pairs.Sum(p => p.Weight(column.Buyers));
        var needed = column.Needed;
        var raw = EpochEffects.Of(whole, column.Units, skew: column is { Kind: MetricKind.Money, Cap: null }, alpha);
        var newcombe = column.Kind == MetricKind.Share && whole is [var (one, none)]
            ? Proportions.Newcombe((long)one.Sum, one.Count, (long)none.Sum, none.Count, alpha) : null;
        var band = newcombe is { } ends ? new Band(ends.Low, ends.High) : (Band?)null;
        var effect = Gate(raw.Effect, weight, needed, column.Kind == MetricKind.Share ? band : null);
        return new MetricResult(
            column.Name, column.Kind, column.Currency, raw.Control, raw.Treated, effect, Gate(raw.Total, weight, needed, null),
            effect.Reason is null ? raw.Relative : Hidden(raw.Relative), Capped(pairs, column, weight, needed, alpha), Cuped(pairs, column, weight, needed, alpha), band, weight, needed);
    }

    /// <summary>Sums of each epoch; null where one lacks them.</summary>
    public static List<(OutcomeSums Treated, OutcomeSums Control)>? Sums(IReadOnlyList<ArmPair> pairs, Func<ArmCell, OutcomeSums?> of)
    {
        List<(OutcomeSums, OutcomeSums)> found = [];
        foreach (var pair in pairs)
        {
            if (of(pair.Treated) is not { } one || of(pair.Control) is not { } none)
                return null;
            found.Add((one, none));
        }

        return found;
    }

    /// <summary>The effect, without ends below the gate; a share has Newcombe's between 5 and 20.</summary>
    public static EffectInterval Gate(EffectInterval effect, double weight, double needed, Band? few)
    {
        if (weight >= needed)
            return effect;
        return few is { } band && Gates.ForConversion(weight) == ConversionInterval.Newcombe
            ? effect with { PValue = null, Low = band.Low, High = band.High, Reason = null }
            : EffectInterval.Unknown(effect.Estimate is null ? effect.Reason ?? Gated : Gated, effect.Estimate, effect.StandardError);
    }

    private static RelativeEffect Hidden(RelativeEffect relative) =>
        new(EffectInterval.Unknown(Gated, relative.Delta.Estimate, relative.Delta.StandardError), null, relative.ControlInErrors);

    private static CappedEffect? Capped(IReadOnlyList<ArmPair> pairs, MetricColumn column, double weight, double needed, double alpha)
    {
        if (column.Cap is not { } cap || Sums(pairs, column.Capped) is not { Count: > 0 } sums)
            return null;
        var read = EpochEffects.Of(sums, column.Units, skew: true, alpha);
        var effect = Gate(read.Effect, weight, needed, null);
        return new CappedEffect(
            cap / column.Units, column.CapTop ? 99 : 95, read.Control, read.Treated, effect, effect.Reason is null ? read.Relative : Hidden(read.Relative));
    }

    // θ is one epoch's; several are read without it.
    private static Cuped? Cuped(IReadOnlyList<ArmPair> pairs, MetricColumn column, double weight, double needed, double alpha) =>
        weight >= needed && column.Before is { } at && pairs is [{ Treated.Cross: { } one, Control.Cross: { } none }]
            ? Engine.Experiments.Estimates.Cuped.OfMean(ArmPair.Pick(one, at), ArmPair.Pick(none, at), [column.Units, column.BeforeUnits, 1], alpha: alpha)
            : null;
}
