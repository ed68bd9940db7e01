using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments;

/// <summary>
/// What an experiment can see before it runs: the two-sided z test of two proportions with arms of any sizes, without continuity correction
/// (Fleiss, Levin and Paik 2003, chapter 4). The null's standard error pools both arms, the alternative's does not:
/// power = Φ((|δ| − z(1−α/2)·√(p̄(1−p̄)(1/n₁+1/n₀))) / √(p₁(1−p₁)/n₁ + p₀(1−p₀)/n₀)), p̄ = (n₁p₁+n₀p₀)/(n₁+n₀).
/// The other tail is left out, as is usual: at the power of interest it is nothing.
/// </summary>
public static class Power
{
    /// <summary>The usual chance of a false alarm.</summary>
    public const double UsualAlpha = 0.05;

    /// <summary>The usual chance to see what is there.</summary>
    public const double UsualPower = 0.8;

    /// <summary>Chance to find a difference of proportions when it is there.</summary>
    /// <param name="baseline">Conversion of control, 0..1.</param>
    /// <param name="lift">Treated − control, in shares of 1 (0.006 is 0.6 pp); baseline + lift must lie in 0..1.</param>
    /// <param name="treated">Customers treated.</param>
    /// <param name="control">Customers held out.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <returns>0..1; NaN when an arm is empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share outside 0..1, or a level not between 0 and 1.</exception>
    public static double Of(double baseline, double lift, long treated, long control, double alpha = UsualAlpha)
    {
        CheckShare(baseline, nameof(baseline));
        CheckShare(baseline + lift, nameof(lift));
        CheckLevel(alpha, nameof(alpha));
        if (treated <= 0 || control <= 0) return double.NaN;
        double p1 = baseline + lift, pooled = (treated * p1 + control * baseline) / (treated + control);
        var under0 = Math.Sqrt(pooled * (1 - pooled) * (1.0 / treated + 1.0 / control));
        var under1 = Math.Sqrt(p1 * (1 - p1) / treated + baseline * (1 - baseline) / control);
        var beyond = Math.Abs(lift) - Normal.Quantile(1 - alpha / 2) * under0;
        // Without any spread under the alternative the outcome is certain.
        if (under1 == 0) return beyond > 0 ? 1 : 0;
        return Normal.Cdf(beyond / under1);
    }

    /// <summary>The smallest rise in conversion that is found with the wanted power.</summary>
    /// <param name="baseline">Conversion of control, 0..1.</param>
    /// <param name="treated">Customers treated.</param>
    /// <param name="control">Customers held out.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <param name="power">Wanted power.</param>
    /// <returns>In shares of 1; null when an arm is empty or not even a conversion of 100 % would be found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share outside 0..1, or a level not between 0 and 1.</exception>
    public static double? DetectableLift(double baseline, long treated, long control, double alpha = UsualAlpha, double power = UsualPower)
    {
        CheckShare(baseline, nameof(baseline));
        CheckLevel(alpha, nameof(alpha));
        CheckLevel(power, nameof(power));
        double low = 0, high = 1 - baseline;
        if (treated <= 0 || control <= 0 || high <= 0 || Of(baseline, high, treated, control, alpha) < power) return null;
        for (var i = 0; i < 100 && high - low > 1e-12; i++)
        {
            var middle = (low + high) / 2;
            if (Of(baseline, middle, treated, control, alpha) < power) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>
    /// The difference of conversions that is found with the wanted power, with the baseline's spread in both arms: δ = (z(1−α/2) + z(power))·√(p₀(1−p₀)(1/n₁ + 1/n₀)).
    /// This is what plans say, for the editor and the first experiment alike: it holds for a rise as for a fall, and where the difference is small beside the baseline
    /// it is what <see cref="DetectableLift"/> finds.
    /// </summary>
    /// <param name="baseline">Conversion of control, 0..1.</param>
    /// <param name="treated">Customers treated.</param>
    /// <param name="control">Customers held out.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <param name="power">Wanted power.</param>
    /// <returns>In shares of 1; null when an arm is empty or nobody, or everybody, converts anyway.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share outside 0..1, or a level not between 0 and 1.</exception>
    public static double? DetectableDifference(double baseline, long treated, long control, double alpha = UsualAlpha, double power = UsualPower)
    {
        CheckShare(baseline, nameof(baseline));
        var factor = Factor(alpha, power);
        var spread = baseline * (1 - baseline);
        return treated <= 0 || control <= 0 || spread <= 0 ? null : factor * Math.Sqrt(spread * (1.0 / treated + 1.0 / control));
    }

    /// <summary>Customers, both arms together, with whom a 50:50 split finds a difference: 4·(z(1−α/2) + z(power))²·p₀(1−p₀)/δ².</summary>
    /// <param name="baseline">Conversion of control, 0..1.</param>
    /// <param name="difference">δ, in shares of 1; not 0.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <param name="power">Wanted power.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share outside 0..1, a level not between 0 and 1, or no difference.</exception>
    public static long CustomersNeeded(double baseline, double difference, double alpha = UsualAlpha, double power = UsualPower)
    {
        CheckShare(baseline, nameof(baseline));
        ArgumentOutOfRangeException.ThrowIfZero(difference);
        var factor = Factor(alpha, power);
        return (long)Math.Ceiling(Math.Min(long.MaxValue / 1024, 4 * factor * factor * baseline * (1 - baseline) / (difference * difference)));
    }

    private static double Factor(double alpha, double power)
    {
        CheckLevel(alpha, nameof(alpha));
        CheckLevel(power, nameof(power));
        return Normal.Quantile(1 - alpha / 2) + Normal.Quantile(power);
    }

    private static void CheckShare(double share, string name)
    {
        if (share is < -1e-12 or > 1 + 1e-12 or double.NaN) throw new ArgumentOutOfRangeException(name, share, "A share lies in 0..1.");
    }

    private static void CheckLevel(double level, string name)
    {
        if (level is <= 0 or >= 1 or double.NaN) throw new ArgumentOutOfRangeException(name, level, "A level lies between 0 and 1.");
    }
}
