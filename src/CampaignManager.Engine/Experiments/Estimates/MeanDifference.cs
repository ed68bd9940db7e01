using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>Difference of two arms' means.</summary>
public static class MeanDifference
{
    /// <summary>Without assuming equal variances (Welch 1947).</summary>
    public static EffectInterval Welch(ArmMoments treated, ArmMoments control, double alpha = Power.UsualAlpha) =>
        EffectInterval.Of(treated.Mean - control.Mean, treated.MeanVariance, treated.Count, control.MeanVariance, control.Count, alpha);

    /// <summary>
    /// The decision's interval for money: Welch's t corrected for skewness by Hall's (1992) cubic transformation. Where one arm is small and baskets have heavy
    /// tails, plain Welch errs too often and almost always towards "it works".
    /// </summary>
    /// <param name="treated">The treated arm.</param>
    /// <param name="control">The control arm.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <returns>The interval, and the skewness a of t (0 where it cannot be told).</returns>
    public static (EffectInterval Interval, double Skew) SkewCorrected(ArmMoments treated, ArmMoments control, double alpha = Power.UsualAlpha)
    {
        var welch = Welch(treated, control, alpha);
        if (welch.DegreesOfFreedom is not { } freedom || welch.Estimate is not { } estimate || welch.StandardError is not { } error) return (welch, 0);
        double n1 = treated.Count, n0 = control.Count;
        var a = (treated.Third / (n1 * n1) - control.Third / (n0 * n0)) / (error * error * error);
        var q = StudentT.Quantile(1 - alpha / 2, freedom);
        var p = 2 * StudentT.Cdf(-Math.Abs(Hall(estimate / error, a)), freedom);
        return (welch with { PValue = p, Low = estimate - error * HallInverse(q, a), High = estimate - error * HallInverse(-q, a) }, a);
    }

    /// <summary>g(t) = t + a·t²/3 + a²·t³/27 + a/6: rises everywhere, so it has one inverse.</summary>
    internal static double Hall(double t, double a) => t + a * t * t / 3 + a * a * t * t * t / 27 + a / 6;

    // g(t) = ((1 + a·t/3)³ − 1)/a + a/6; written without a in the denominator, so that no skewness is no special case.
    internal static double HallInverse(double y, double a)
    {
        var rest = y - a / 6;
        var root = Math.Cbrt(1 + a * rest);
        return 3 * rest / (root * root + root + 1);
    }
}
