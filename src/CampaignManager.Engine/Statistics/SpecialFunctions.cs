namespace CampaignManager.Engine.Statistics;

/// <summary>The gamma and beta functions the distributions are made of. Relative error about 1e-13 in the ranges used.</summary>
public static class SpecialFunctions
{
    private const int MaxIterations = 100_000;
    private const double Epsilon = 1e-16;
    private const double FromStirling = 20;
    private const double Tiny = 1e-300;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
        -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x) for x &gt; 0 (Lanczos 1964, g = 7, nine terms).</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is not positive.</exception>
    public static double LogGamma(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x + i);
        var t = x + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    /// <summary>Lower regularised incomplete gamma P(a, x), in 0..1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a is not positive or x is negative.</exception>
    public static double GammaP(double a, double x) => x < a + 1 ? GammaSeries(a, x) : 1 - GammaFraction(a, x);

    /// <summary>Upper regularised incomplete gamma Q(a, x) = 1 − P(a, x), accurate far out in the tail.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a is not positive or x is negative.</exception>
    public static double GammaQ(double a, double x) => x < a + 1 ? 1 - GammaSeries(a, x) : GammaFraction(a, x);

    /// <summary>Regularised incomplete beta I_x(a, b) for x in 0..1 (continued fraction, modified Lentz).</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive, or x is outside 0..1.</exception>
    public static double Beta(double a, double b, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(b);
        if (x is < 0 or > 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(x), x, "x lies in 0..1.");
        if (x is 0 or 1) return x;
        var front = Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) - LogBeta(a, b));
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(a, b, x) / a : 1 - front * BetaFraction(b, a, 1 - x) / b;
    }

    /// <summary>ln B(a, b), without the loss of digits that the difference of two large ln Γ brings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive.</exception>
    public static double LogBeta(double a, double b)
    {
        double large = Math.Max(a, b), small = Math.Min(a, b);
        if (large < FromStirling) return LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        var rise = (large - 0.5) * Log1P(small / large) + small * Math.Log(large + small) - small + StirlingRest(large + small) - StirlingRest(large);
        return LogGamma(small) - rise;
    }

    /// <summary>ln Γ(z) − ((z − ½) ln z − z + ½ ln 2π): what Stirling's formula leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">z is not positive.</exception>
    public static double StirlingRest(double z) => z < FromStirling ? LogGamma(z) - ((z - 0.5) * Math.Log(z) - z + 0.5 * Math.Log(2 * Math.PI))
        : 1 / (12 * z) - 1 / (360 * z * z * z) + 1 / (1260 * Math.Pow(z, 5)) - 1 / (1680 * Math.Pow(z, 7));

    // Kahan's: the digits that 1 + x loses come back by the ratio.
    private static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    private static double GammaSeries(double a, double x)
    {
        Check(a, x);
        if (x == 0) return 0;
        double term = 1 / a, sum = term;
        for (var i = 1; i < MaxIterations; i++)
        {
            term *= x / (a + i);
            sum += term;
            if (Math.Abs(term) < Math.Abs(sum) * Epsilon) break;
        }
        return sum * Math.Exp(-x + a * Math.Log(x) - LogGamma(a));
    }

    private static double GammaFraction(double a, double x)
    {
        Check(a, x);
        if (double.IsPositiveInfinity(x)) return 0;
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / b, h = d;
        for (var i = 1; i < MaxIterations; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = Away(an * d + b);
            c = Away(b + an / c);
            d = 1 / d;
            var delta = d * c;
            h *= delta;
            if (Math.Abs(delta - 1) < Epsilon * 2) break;
        }
        return Math.Exp(-x + a * Math.Log(x) - LogGamma(a)) * h;
    }

    private static double BetaFraction(double a, double b, double x)
    {
        double c = 1, d = 1 / Away(1 - (a + b) * x / (a + 1)), h = d;
        for (var m = 1; m < MaxIterations; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / Away(1 + even * d);
            c = Away(1 + even / c);
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / Away(1 + odd * d);
            c = Away(1 + odd / c);
            var delta = d * c;
            h *= delta;
            if (Math.Abs(delta - 1) < Epsilon * 2) break;
        }
        return h;
    }

    private static double Away(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    private static void Check(double a, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
    }
}
