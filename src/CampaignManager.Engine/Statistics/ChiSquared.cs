namespace CampaignManager.Engine.Statistics;

/// <summary>The χ² distribution.</summary>
public static class ChiSquared
{
    /// <summary>P(X &gt; x): the p value of a χ² statistic.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is negative, or degrees of freedom are not positive.</exception>
    public static double Survival(double x, double degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        return SpecialFunctions.GammaQ(0.5 * degreesOfFreedom, 0.5 * x);
    }
}
