using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>A ratio of sums (margin of revenue, revenue of orders) in two arms whose customers, not orders, were assigned.</summary>
/// <param name="TreatedRatio">Σm/Σd of the treated; null where it has no denominator.</param>
/// <param name="ControlRatio">Σm/Σd of control.</param>
/// <param name="Absolute">Treated − control.</param>
/// <param name="Relative">Over control's ratio.</param>
public sealed record RatioDifference(double? TreatedRatio, double? ControlRatio, EffectInterval Absolute, RelativeEffect Relative)
{
    /// <summary>By the delta method (Deng, Knoblich and Lu 2018): variance of (m − R·d)/d̄ over n customers, then Welch.</summary>
    /// <param name="treated">Columns m and d.</param>
    /// <param name="control">Columns m and d.</param>
    /// <param name="numeratorUnits">Minor units of one unit of m.</param>
    /// <param name="denominatorUnits">Minor units of one unit of d.</param>
    /// <param name="alpha">Two-sided level.</param>
    public static RatioDifference Of(CrossSums treated, CrossSums control, double numeratorUnits = 1, double denominatorUnits = 1, double alpha = Power.UsualAlpha)
    {
        ArmCovariance one = Linear(treated, numeratorUnits, denominatorUnits), none = Linear(control, numeratorUnits, denominatorUnits);
        double v1 = one.Covariance[0, 0] / one.Count, v0 = none.Covariance[0, 0] / none.Count;
        var absolute = EffectInterval.Of(one.Means[0] - none.Means[0], v1, one.Count, v0, none.Count, alpha);
        return new RatioDifference(Finite(one.Means[0]), Finite(none.Means[0]), absolute, RelativeEffect.Of(absolute, none.Means[0], v0, -v0, alpha));
    }

    private static ArmCovariance Linear(CrossSums sums, double numeratorUnits, double denominatorUnits)
    {
        var arm = ArmCovariance.Of(sums, [numeratorUnits, denominatorUnits]);
        double ratio = arm.Means[0] / arm.Means[1], size = arm.Means[1];
        return arm.Map(new[,] { { 1 / size, -ratio / size } }) with { Means = [ratio] };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
