namespace CampaignManager.Engine.Statistics;

/// <summary>The interval of a ratio of two estimates (Fieller 1954).</summary>
public static class Fieller
{
    /// <summary>
    /// All ratios r at which numerator − r · denominator is not told from zero. It holds zero exactly where the numerator's own interval
    /// does, so
    /// the two never contradict each other.
    /// </summary>
    /// <param name="numerator">Estimate.</param>
    /// <param name="denominator">Estimate.</param>
    /// <param name="numeratorVariance">Of the first.</param>
    /// <param name="denominatorVariance">Of the second.</param>
    /// <param name="covariance">Of the two.</param>
    /// <param name="quantile">How many standard errors wide each side is.</param>
    /// <returns>Null where it has no ends: the denominator itself is not told from zero.</returns>
    public static (double Low, double High)? Interval(
        double numerator, double denominator, double numeratorVariance, double denominatorVariance, double covariance, double quantile)
    {
        var square = quantile * quantile;
        var a = denominator * denominator - square * denominatorVariance;
        if (!(a > 0))
            return null;
        var b = numerator * denominator - square * covariance;
        var c = numerator * numerator - square * numeratorVariance;
        var root = Math.Sqrt(Math.Max(0, b * b - a * c));
        return ((b - root) / a, (b + root) / a);
    }
}
