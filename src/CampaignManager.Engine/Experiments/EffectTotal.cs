using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments;

/// <summary>An estimated total with its sampling variance, in the metric's unit; totals of independent experiments add up.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Variance">Its sampling variance; NaN when an arm was too small, or all its customers too alike, to tell.</param>
/// <param name="DegreesOfFreedom">Of the variance, after Welch and Satterthwaite.</param>
public readonly record struct EffectTotal(double Value, double Variance, double DegreesOfFreedom)
{
    /// <summary>Nothing measured: the neutral element of the sum.</summary>
    public static EffectTotal None => new(0, 0, double.PositiveInfinity);

    /// <summary>Lift per customer × treated customers: what the treated group did more than it would have done untreated.</summary>
    /// <param name="treated">The treated arm.</param>
    /// <param name="control">The control arm.</param>
    public static EffectTotal OfTreated(ArmStatistics treated, ArmStatistics control)
    {
        var lift = Welch.Difference(treated, control);
        double n = treated.Count;
        return new EffectTotal(n * lift.Estimate, n * n * lift.StandardError * lift.StandardError, lift.DegreesOfFreedom);
    }

    /// <summary>
    /// The sum over experiments. Each assigns by its own salt, so their lifts are uncorrelated even where they share customers; variances add, degrees of
    /// freedom after Satterthwaite (1946): (Σv)² / Σ(v²/ν). An experiment in which nobody did anything, in neither arm, adds nothing to others that can tell.
    /// </summary>
    public static EffectTotal Sum(IEnumerable<EffectTotal> totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        double value = 0, variance = 0, weighted = 0;
        List<EffectTotal> parts = [.. totals];
        var anyTells = parts.Exists(p => p.Variance > 0);
        foreach (var total in parts)
        {
            if (anyTells && total.Value == 0 && double.IsNaN(total.Variance)) continue;
            value += total.Value;
            variance += total.Variance;
            weighted += total.Variance == 0 ? 0 : total.Variance * total.Variance / total.DegreesOfFreedom;
        }
        return new EffectTotal(value, variance, weighted == 0 ? double.PositiveInfinity : variance * variance / weighted);
    }

    /// <summary>The same in another unit, for instance a total per customer.</summary>
    public EffectTotal Times(double factor) => this with { Value = Value * factor, Variance = Variance * factor * factor };

    /// <summary>Ends of the interval; NaN when the variance is not known.</summary>
    /// <param name="level">Coverage, for instance 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public (double Low, double High) Interval(double level = 0.95)
    {
        if (level is <= 0 or >= 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        if (Variance == 0 && Value == 0) return (0, 0);
        // A total without any spread is no certainty.
        if (!(Variance > 0)) return (double.NaN, double.NaN);
        var quantile = double.IsPositiveInfinity(DegreesOfFreedom) ? Normal.Quantile(0.5 + level / 2) : StudentT.Quantile(0.5 + level / 2, DegreesOfFreedom);
        var half = quantile * Math.Sqrt(Variance);
        return (Value - half, Value + half);
    }
}
