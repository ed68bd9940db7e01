namespace CampaignManager.Engine.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    // Acklam's rational approximation (relative error 1.15e-9), then two Newton–Halley steps to full precision.
    private static readonly double[] A = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00];
    private static readonly double[] B = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01];
    private static readonly double[] C = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00];
    private static readonly double[] D = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00];

    /// <summary>Density at z.</summary>
    public static double Pdf(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);

    /// <summary>P(Z ≤ z). Accurate in both tails.</summary>
    public static double Cdf(double z)
    {
        if (double.IsNaN(z)) return double.NaN;
        var tail = 0.5 * SpecialFunctions.GammaQ(0.5, 0.5 * z * z);
        return z > 0 ? 1 - tail : tail;
    }

    /// <summary>The z with P(Z ≤ z) = p. p = 0 and 1 give −∞ and +∞.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is outside 0..1.</exception>
    public static double Quantile(double p)
    {
        if (p is < 0 or > 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies in 0..1.");
        if (p == 0) return double.NegativeInfinity;
        if (p == 1) return double.PositiveInfinity;
        if (p > 0.5) return p == 0.5 ? 0 : -Lower(1 - p);
        return Lower(p);
    }

    private static double Lower(double p)
    {
        double z;
        if (p < 0.02425)
        {
            var q = Math.Sqrt(-2 * Math.Log(p));
            z = Horner(C, q) / (Horner(D, q) * q + 1);
        }
        else
        {
            double q = p - 0.5, r = q * q;
            z = Horner(A, r) * q / (Horner(B, r) * r + 1);
        }
        for (var i = 0; i < 2; i++)
        {
            var u = (Cdf(z) - p) / Pdf(z);
            z -= u / (1 + 0.5 * z * u);
        }
        return z;
    }

    private static double Horner(double[] coefficients, double x)
    {
        double sum = 0;
        foreach (var coefficient in coefficients) sum = sum * x + coefficient;
        return sum;
    }
}
