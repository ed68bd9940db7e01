using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Uplift.Checks;

/// <summary>Whether a feature known before treatment goes with the arm.</summary>
/// <param name="Feature">Column that goes with it most; below 0 where there is none.</param>
/// <param name="Z">Its standardised difference between the arms.</param>
/// <param name="PValue">Two-sided, for the largest of all columns (Bonferroni).</param>
public sealed record RandomisationResult(int Feature, double Z, double PValue)
{
    /// <summary>p &lt; 0.001: arms were not drawn as said, or the feature was measured after treatment.</summary>
    public bool Alarm => PValue < 0.001;
}

/// <summary>Under a random assignment no feature predicts t − e.</summary>
public static class RandomisationCheck
{
    /// <summary>Σ (t − e)(x − x̄) over its standard deviation, feature by feature; features are winsorised by their bins' ranks, so that one outlier proves nothing.</summary>
    /// <param name="bins">Features.</param>
    /// <param name="treated">Arm per row.</param>
    /// <param name="propensity">e per row.</param>
    /// <param name="rows">Rows to look at.</param>
    public static RandomisationResult Test(BinnedFeatures bins, bool[] treated, double[] propensity, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(rows);
        // The arms' sizes are the business of the sample ratio: only where they differ from feature to feature is of interest here.
        var surplus = rows.Length == 0 ? 0 : rows.Average(i => (treated[i] ? 1 : 0) - propensity[i]);
        var tried = 0;
        var worst = new RandomisationResult(-1, 0, 1);
        for (var j = 0; j < bins.Width; j++)
        {
            if (bins.Bins(j) < 2) continue;
            tried++;
            var column = bins.Column(j);
            double mean = rows.Average(i => column[i]), sum = 0, squares = 0;
            foreach (var i in rows)
            {
                var term = ((treated[i] ? 1 : 0) - propensity[i] - surplus) * (column[i] - mean);
                sum += term;
                squares += term * term;
            }
            var z = squares > 0 ? sum / Math.Sqrt(squares) : 0;
            if (Math.Abs(z) > Math.Abs(worst.Z)) worst = new RandomisationResult(j, z, 1);
        }
        // Without a feature that differs there is none that could.
        return worst with { PValue = tried == 0 ? 1 : Math.Min(1, tried * 2 * Normal.Cdf(-Math.Abs(worst.Z))) };
    }
}
