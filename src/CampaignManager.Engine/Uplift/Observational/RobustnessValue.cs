using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Observational;

/// <summary>
/// How strong something unmeasured would have to be to explain an effect away (Cinelli &amp; Hazlett 2020): the share of the residual variance of treatment and of outcome that it
/// would have to explain, both equally. From a regression's t value alone: f = |t|/√df, RV = ½(√(f⁴ + 4f²) − f²).
/// </summary>
public static class RobustnessValue
{
    /// <summary>What would bring the estimate down to nothing.</summary>
    /// <param name="t">t value of the treatment's coefficient.</param>
    /// <param name="degreesOfFreedom">Of the regression, above 0.</param>
    /// <returns>0..1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Degrees of freedom not above 0.</exception>
    public static double Of(double t, double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0)) throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Degrees of freedom are above 0.");
        return Value(Math.Abs(t) / Math.Sqrt(degreesOfFreedom));
    }

    /// <summary>What would bring the interval's end to nothing.</summary>
    /// <param name="t">t value of the treatment's coefficient.</param>
    /// <param name="degreesOfFreedom">Of the regression, above 1.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <returns>0..1; 0 where the interval holds nothing already.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Degrees of freedom not above 1.</exception>
    public static double OfInterval(double t, double degreesOfFreedom, double alpha = 0.05)
    {
        if (!(degreesOfFreedom > 1)) throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Degrees of freedom are above 1.");
        var critical = StudentT.Quantile(1 - alpha / 2, degreesOfFreedom - 1) / Math.Sqrt(degreesOfFreedom - 1);
        return Value(Math.Max(0, Math.Abs(t) / Math.Sqrt(degreesOfFreedom) - critical));
    }

    private static double Value(double f) => (Math.Sqrt(f * f * f * f + 4 * f * f) - f * f) / 2;
}
