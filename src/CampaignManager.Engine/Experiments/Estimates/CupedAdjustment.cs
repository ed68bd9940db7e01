using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>The regression behind <see cref="Cuped"/>: column 0 is the outcome, the others are covariates.</summary>
internal static class CupedAdjustment
{
    private const double Dependent = 1e-10;

    public static Cuped Of(ArmCovariance treated, ArmCovariance control, IReadOnlyList<string> names, double alpha)
    {
        double n1 = treated.Count, n0 = control.Count;
        double raw1 = treated.Covariance[0, 0] / n1, raw0 = control.Covariance[0, 0] / n0;
        var unadjusted = EffectInterval.Of(treated.Means[0] - control.Means[0], raw1, treated.Count, raw0, control.Count, alpha);
        var plain = new Cuped([], [], unadjusted, unadjusted, unadjusted.StandardError > 0 ? 0 : null,
            RelativeEffect.Of(unadjusted, control.Means[0], raw0, -raw0, alpha));
        if (unadjusted.DegreesOfFreedom is null) return plain;
        var theta = Theta(treated, control);
        int[] used = [.. Enumerable.Range(0, theta.Length).Where(j => theta[j] is not null)];
        if (used.Length == 0) return plain;

        var estimate = unadjusted.Estimate!.Value - used.Sum(j => theta[j]!.Value * (treated.Means[j + 1] - control.Means[j + 1]));
        double v1 = Residual(treated, theta) / n1, v0 = Residual(control, theta) / n0;
        var adjusted = EffectInterval.Of(estimate, v1, treated.Count, v0, control.Count, alpha);
        // Of the adjusted effect with control's own mean: −(S₀yy − θ·S₀xy)/n₀.
        var covariance = -(control.Covariance[0, 0] - used.Sum(j => theta[j]!.Value * control.Covariance[0, j + 1])) / n0;
        return new Cuped([.. used.Select(j => theta[j]!.Value)], [.. used.Select(j => names[j])], unadjusted, adjusted, 1 - (v1 + v0) / (raw1 + raw0),
            RelativeEffect.Of(adjusted, control.Means[0], raw0, covariance, alpha));
    }

    private static double Residual(ArmCovariance arm, double?[] theta)
    {
        var variance = arm.Covariance[0, 0];
        for (var i = 0; i < theta.Length; i++)
        {
            variance -= 2 * (theta[i] ?? 0) * arm.Covariance[0, i + 1];
            for (var j = 0; j < theta.Length; j++) variance += (theta[i] ?? 0) * (theta[j] ?? 0) * arm.Covariance[i + 1, j + 1];
        }
        // What a covariate explains wholly leaves rounding, not spread.
        return variance > 1e-13 * arm.Covariance[0, 0] ? variance : 0;
    }

    // Sweeps the covariates one after the other (Goodnight 1979); one that is constant or given by those before it has no θ.
    private static double?[] Theta(ArmCovariance treated, ArmCovariance control)
    {
        var k = treated.Means.Length;
        var a = new double[k, k];
        var start = new double[k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++) a[i, j] = treated.Covariance[i, j] / treated.Count + control.Covariance[i, j] / control.Count;
            var centre = (treated.Means[i] * treated.Means[i] + control.Means[i] * control.Means[i]) / (treated.Count + control.Count);
            start[i] = Math.Max(a[i, i], 1e-3 * centre);
        }
        var used = new bool[k];
        for (var p = 1; p < k; p++)
        {
            if (!(a[p, p] > Dependent * start[p])) continue;
            used[p] = true;
            var pivot = a[p, p];
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                {
                    if (i != p && j != p) a[i, j] -= a[i, p] * a[p, j] / pivot;
                }
            }
            for (var i = 0; i < k; i++)
            {
                if (i == p) continue;
                a[i, p] /= pivot;
                a[p, i] /= pivot;
            }
            a[p, p] = -1 / pivot;
        }
        // The row of the outcome holds the coefficients on all that were swept.
        return [.. Enumerable.Range(1, k - 1).Select(j => used[j] ? a[0, j] : (double?)null)];
    }
}
