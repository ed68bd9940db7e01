using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>
/// An effect as a share of |control's mean|: of a negative control a rise is positive. Significance is the absolute effect's; this says how much it is.
/// </summary>
/// <param name="Delta">By the delta method, with the degrees of freedom of the absolute effect.</param>
/// <param name="Fieller">Fieller's (1954) set at the same quantile: it holds 0 exactly where the absolute interval does; null where it has no ends.</param>
/// <param name="ControlInErrors">|control's mean| in its standard errors; null where it cannot be told.</param>
public sealed record RelativeEffect(EffectInterval Delta, (double Low, double High)? Fieller, double? ControlInErrors)
{
    private const double FewestErrors = 3;

    /// <summary>Whether the interval may be shown: it has ends and control is at least 3 standard errors from 0.</summary>
    public bool Shown => Fieller is not null && ControlInErrors >= FewestErrors;

    /// <summary>From an absolute effect.</summary>
    /// <param name="absolute">The effect.</param>
    /// <param name="controlMean">Control's mean, unadjusted.</param>
    /// <param name="controlVariance">Sampling variance of it.</param>
    /// <param name="covariance">Of the effect with control's mean; for a plain difference −controlVariance.</param>
    /// <param name="alpha">Two-sided level.</param>
    public static RelativeEffect Of(EffectInterval absolute, double controlMean, double controlVariance, double covariance, double alpha = Power.UsualAlpha)
    {
        ArgumentNullException.ThrowIfNull(absolute);
        if (absolute.Estimate is not { } effect) return new RelativeEffect(absolute, null, null);
        if (controlMean == 0) return new RelativeEffect(EffectInterval.Unknown(CannotTell.ZeroControl), null, null);
        double size = Math.Abs(controlMean), turned = Math.Sign(controlMean) * covariance, ratio = effect / size;
        if (absolute is not { StandardError: { } error, DegreesOfFreedom: { } freedom })
            return new RelativeEffect(EffectInterval.Unknown(absolute.Reason ?? CannotTell.NoSpread, ratio, absolute.StandardError / size), null, null);
        var variance = (error * error - 2 * ratio * turned + ratio * ratio * controlVariance) / (size * size);
        var delta = EffectInterval.Around(ratio, Math.Sqrt(Math.Max(0, variance)), freedom, alpha);
        var fieller = Statistics.Fieller.Interval(effect, size, error * error, controlVariance, turned, StudentT.Quantile(1 - alpha / 2, freedom));
        return new RelativeEffect(delta, fieller, controlVariance > 0 ? size / Math.Sqrt(controlVariance) : null);
    }

    /// <summary>Of a plain difference of means.</summary>
    public static RelativeEffect Of(Sums.ArmMoments treated, Sums.ArmMoments control, double alpha = Power.UsualAlpha) =>
        Of(MeanDifference.Welch(treated, control, alpha), control.Mean, control.MeanVariance, -control.MeanVariance, alpha);
}
