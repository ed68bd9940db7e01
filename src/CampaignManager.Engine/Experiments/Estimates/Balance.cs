using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>Of one covariate known before assignment.</summary>
/// <param name="Difference">Treated − control.</param>
/// <param name="Standardised">Difference / √((s₁² + s₀²)/2); null without spread.</param>
public sealed record CovariateBalance(EffectInterval Difference, double? Standardised);

/// <summary>
/// Whether the arms were alike before: one χ² of all differences together, d'(S₁/n₁ + S₀/n₀)⁻¹d (Hansen and Bowers 2008), since one of twenty covariates differs
/// by chance alone.
/// </summary>
/// <param name="Covariates">One by one.</param>
/// <param name="ChiSquare">Of all; null where no covariate has spread.</param>
/// <param name="DegreesOfFreedom">Covariates that others do not give.</param>
/// <param name="PValue">Of arms that were alike.</param>
public sealed record Balance(IReadOnlyList<CovariateBalance> Covariates, double? ChiSquare, int DegreesOfFreedom, double? PValue)
{
    private const double Dependent = 1e-10;

    /// <summary>True at p &lt; 0.001.</summary>
    public bool Alarm => PValue < SampleRatio.AlarmBelow;

    /// <summary>Of sums over all covariates.</summary>
    /// <param name="treated">Each covariate a column.</param>
    /// <param name="control">The same.</param>
    /// <param name="minorUnits">Minor units of one unit, of each column.</param>
    public static Balance Of(CrossSums treated, CrossSums control, ReadOnlySpan<double> minorUnits)
    {
        ArmCovariance one = ArmCovariance.Of(treated, minorUnits), none = ArmCovariance.Of(control, minorUnits);
        var k = one.Means.Length;
        var alone = new CovariateBalance[k];
        for (var i = 0; i < k; i++)
        {
            double s1 = one.Covariance[i, i], s0 = none.Covariance[i, i], difference = one.Means[i] - none.Means[i];
            alone[i] = new CovariateBalance(EffectInterval.Of(difference, s1 / one.Count, one.Count, s0 / none.Count, none.Count, Power.UsualAlpha),
                s1 + s0 > 0 ? difference / Math.Sqrt((s1 + s0) / 2) : null);
        }
        var (chiSquare, freedom) = one.Count < 2 || none.Count < 2 ? (0, 0) : Omnibus(one, none);
        return freedom == 0 ? new Balance(alone, null, 0, null) : new Balance(alone, chiSquare, freedom, ChiSquared.Survival(chiSquare, freedom));
    }

    // Each covariate in turn takes out of the later ones what it explains (Cholesky without roots); one that the others give wholly is passed over.
    private static (double ChiSquare, int Freedom) Omnibus(ArmCovariance one, ArmCovariance none)
    {
        var k = one.Means.Length;
        double[] d = [.. Enumerable.Range(0, k).Select(i => one.Means[i] - none.Means[i])];
        var a = new double[k, k];
        for (var i = 0; i < k; i++)
            for (var j = 0; j < k; j++) a[i, j] = one.Covariance[i, j] / one.Count + none.Covariance[i, j] / none.Count;
        double[] start = [.. Enumerable.Range(0, k).Select(i => a[i, i])];
        var (sum, freedom) = (0.0, 0);
        for (var p = 0; p < k; p++)
        {
            if (!(a[p, p] > Dependent * start[p])) continue;
            freedom++;
            sum += d[p] * d[p] / a[p, p];
            for (var i = p + 1; i < k; i++)
            {
                var share = a[i, p] / a[p, p];
                d[i] -= share * d[p];
                for (var j = p + 1; j < k; j++) a[i, j] -= share * a[p, j];
            }
        }
        return (Math.Max(0, sum), freedom);
    }
}
