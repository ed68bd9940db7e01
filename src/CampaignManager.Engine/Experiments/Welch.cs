using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments;

/// <summary>A difference treated − control with its interval.</summary>
/// <param name="Estimate">Difference of means, in the metric's unit.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="DegreesOfFreedom">Welch–Satterthwaite.</param>
/// <param name="PValue">Two-sided, of no difference.</param>
public sealed record DifferenceInterval(double Estimate, double StandardError, double Low, double High, double DegreesOfFreedom, double PValue);

/// <summary>Difference of two arms without assuming equal variances (Welch 1947).</summary>
public static class Welch
{
    /// <summary>
    /// Interval for the difference of means treated − control. Everything but the estimate is NaN where the data cannot tell: with fewer than two customers in an arm, or
    /// without any spread in either, where customers who happen to be alike would pass for certainty.
    /// </summary>
    /// <param name="treated">The treated arm.</param>
    /// <param name="control">The control arm.</param>
    /// <param name="level">Coverage, for instance 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static DifferenceInterval Difference(ArmStatistics treated, ArmStatistics control, double level = 0.95)
    {
        if (level is <= 0 or >= 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        var estimate = treated.Mean - control.Mean;
        double v1 = treated.Variance / treated.Count, v0 = control.Variance / control.Count;
        var error = Math.Sqrt(v1 + v0);
        if (!(error > 0)) return new DifferenceInterval(estimate, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        var freedom = (v1 + v0) * (v1 + v0) / (v1 * v1 / (treated.Count - 1) + v0 * v0 / (control.Count - 1));
        var half = StudentT.Quantile(0.5 + level / 2, freedom) * error;
        var p = 2 * StudentT.Cdf(-Math.Abs(estimate / error), freedom);
        return new DifferenceInterval(estimate, error, estimate - half, estimate + half, freedom, p);
    }

    /// <summary>The same for yes/no metrics: successes of counts by arm.</summary>
    public static DifferenceInterval DifferenceOfProportions(long treatedSuccesses, long treatedCount, long controlSuccesses, long controlCount, double level = 0.95) =>
        Difference(ArmStatistics.OfProportion(treatedSuccesses, treatedCount), ArmStatistics.OfProportion(controlSuccesses, controlCount), level);
}
