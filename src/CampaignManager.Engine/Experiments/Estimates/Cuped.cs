using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>
/// An effect adjusted for what was known before (Deng, Xu, Kohavi and Walker 2013), with one θ for both arms that weighs each by 1/n:
/// θ = (S₁xx/n₁ + S₀xx/n₀)⁻¹ (S₁xy/n₁ + S₀xy/n₀), which makes the variance of this estimate the smallest also with unequal arms.
/// </summary>
/// <param name="Theta">By column used.</param>
/// <param name="Columns">Columns used: one without spread, or that others give, is left out.</param>
/// <param name="Unadjusted">The plain effect.</param>
/// <param name="Adjusted">The adjusted one.</param>
/// <param name="VarianceCut">1 − SE²adj/SE²raw; null where the plain effect has no error.</param>
/// <param name="Relative">Adjusted, over control's unadjusted mean, with the exact gradient.</param>
public sealed record Cuped(
    IReadOnlyList<double> Theta, IReadOnlyList<string> Columns, EffectInterval Unadjusted, EffectInterval Adjusted, double? VarianceCut, RelativeEffect Relative)
{
    /// <summary>Below this cut the page says "none".</summary>
    public const double FewestCut = 0.01;

    /// <summary>Name of the metric before.</summary>
    public const string Pre = "pre";

    /// <summary>Name of the flag of those who joined too late to have one.</summary>
    public const string Missing = "missing";

    /// <summary>Of a mean.</summary>
    /// <param name="treated">Columns y, y before (0 where missing), missing (0 or 1) and any further covariates.</param>
    /// <param name="control">The same.</param>
    /// <param name="minorUnits">Minor units of one unit, of each column.</param>
    /// <param name="further">Names of the further covariates, for instance a prediction from before launch.</param>
    /// <param name="alpha">Two-sided level.</param>
    public static Cuped OfMean(
        CrossSums treated, CrossSums control, ReadOnlySpan<double> minorUnits, IReadOnlyList<string>? further = null, double alpha = Power.UsualAlpha)
    {
        ArmCovariance one = ArmCovariance.Of(treated, minorUnits), none = ArmCovariance.Of(control, minorUnits);
        // The missing get the mean of the known of both arms; with the flag beside it the effect is the same for any number.
        var known = one.Count + none.Count - (double)(treated.Sum(2) + control.Sum(2)) / minorUnits[2];
        var mean = known > 0 ? (double)(treated.Sum(1) + control.Sum(1)) / minorUnits[1] / known : 0;
        var fill = new double[one.Means.Length, one.Means.Length];
        for (var i = 0; i < one.Means.Length; i++) fill[i, i] = 1;
        fill[1, 2] = mean;
        return CupedAdjustment.Of(one.Map(fill), none.Map(fill), [Pre, Missing, .. further ?? []], alpha);
    }

    /// <summary>Of a ratio, linearised before and during (Deng, Knoblich and Lu 2018): z = (m − R·d)/d̄.</summary>
    /// <param name="treated">Columns m, d, m before, d before (0 where missing), missing (0 or 1).</param>
    /// <param name="control">The same.</param>
    /// <param name="minorUnits">Minor units of one unit, of each column.</param>
    /// <param name="alpha">Two-sided level.</param>
    public static Cuped OfRatio(CrossSums treated, CrossSums control, ReadOnlySpan<double> minorUnits, double alpha = Power.UsualAlpha) =>
        CupedAdjustment.Of(Linear(ArmCovariance.Of(treated, minorUnits)), Linear(ArmCovariance.Of(control, minorUnits)), [Pre, Missing], alpha);

    private static ArmCovariance Linear(ArmCovariance arm)
    {
        var m = arm.Means;
        double during = m[0] / m[1], before = m[3] > 0 ? m[2] / m[3] : 0, size = m[3] > 0 ? m[3] : 1;
        return arm.Map(new[,] { { 1 / m[1], -during / m[1], 0, 0, 0 }, { 0, 0, 1 / size, -before / size, 0 }, { 0, 0, 0, 0, 1 } }) with { Means = [during, before, m[4]] };
    }
}
