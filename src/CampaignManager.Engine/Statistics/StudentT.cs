namespace CampaignManager.Engine.Statistics;

/// <summary>Student's t distribution. Degrees of freedom may be fractional (Welch) and infinite (then it is the normal).</summary>
public static class StudentT
{
    private const double AsNormal = 1e8;

    /// <summary>P(T ≤ t) with the given degrees of freedom.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Degrees of freedom are not positive.</exception>
    public static double Cdf(double t, double degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        if (double.IsNaN(t)) return double.NaN;
        if (degreesOfFreedom > AsNormal) return Normal.Cdf(t);
        if (double.IsInfinity(t)) return t > 0 ? 1 : 0;
        var square = t * t;
        // Near the centre the complement keeps the digits; in the tail, where the fraction of the direct form converges, the direct form does.
        var twoTails = square * (degreesOfFreedom + 2) < 3 * degreesOfFreedom
            ? 1 - SpecialFunctions.Beta(0.5, 0.5 * degreesOfFreedom, square / (degreesOfFreedom + square))
            : SpecialFunctions.Beta(0.5 * degreesOfFreedom, 0.5, degreesOfFreedom / (degreesOfFreedom + square));
        return t > 0 ? 1 - 0.5 * twoTails : 0.5 * twoTails;
    }

    /// <summary>The t with P(T ≤ t) = p. p = 0 and 1 give −∞ and +∞.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is outside 0..1, or degrees of freedom are not positive.</exception>
    public static double Quantile(double p, double degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degreesOfFreedom);
        if (p is < 0 or > 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies in 0..1.");
        if (degreesOfFreedom > AsNormal || p is 0 or 1) return Normal.Quantile(p);
        if (p == 0.5) return 0;
        if (p > 0.5) return -Quantile(1 - p, degreesOfFreedom);
        double low = Normal.Quantile(p), high = 0;
        while (Cdf(low, degreesOfFreedom) > p)
        {
            high = low;
            low *= 2;
        }
        for (var i = 0; i < 200 && high - low > 1e-15 * Math.Abs(low); i++)
        {
            var middle = 0.5 * (low + high);
            if (Cdf(middle, degreesOfFreedom) > p) high = middle;
            else low = middle;
        }
        return 0.5 * (low + high);
    }
}
