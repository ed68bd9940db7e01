using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>Difference of two shares.</summary>
public static class Proportions
{
    /// <summary>As of any mean: Welch on 0 and 1.</summary>
    public static EffectInterval Welch(
        long treatedSuccesses, long treated, long controlSuccesses, long control, double alpha = Power.UsualAlpha) =>
        MeanDifference.Welch(OutcomeSums.OfProportion(treatedSuccesses, treated).Moments(),
            OutcomeSums.OfProportion(controlSuccesses, control).Moments(), alpha);

    /// <summary>Newcombe's (1998) hybrid score interval: defined down to no success in either arm. Null with an empty arm.</summary>
    public static (double Low, double High)? Newcombe(
        long treatedSuccesses, long treated, long controlSuccesses, long control, double alpha = Power.UsualAlpha)
    {
        EffectInterval.CheckLevel(alpha);
        if (treated <= 0 || control <= 0) return null;
        double p1 = (double)treatedSuccesses / treated, p0 = (double)controlSuccesses / control, z = Normal.Quantile(1 - alpha / 2);
        var (l1, u1) = Wilson(p1, treated, z);
        var (l0, u0) = Wilson(p0, control, z);
        var difference = p1 - p0;
        return (difference - Length(p1 - l1, u0 - p0), difference + Length(u1 - p1, p0 - l0));
    }

    // Wilson (1927).
    private static (double Low, double High) Wilson(double p, double n, double z)
    {
        var middle = p + z * z / (2 * n);
        var half = z * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        var scale = 1 + z * z / n;
        return ((middle - half) / scale, (middle + half) / scale);
    }

    private static double Length(double a, double b) => Math.Sqrt(a * a + b * b);
}
