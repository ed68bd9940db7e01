namespace CampaignManager.Engine.Statistics;

/// <summary>How surprising the best of all cuts of one feature is when no cut matters.</summary>
public static class MaximallySelected
{
    /// <summary>
    /// P(max |t| ≥ value) over cuts between the shares [smallest, 1 − smallest] of the rows: the smaller of Miller &amp; Siegmund's (1982) bound for a continuous
    /// feature, 4φ(b)/b + φ(b)(b − 1/b) ln((1 − ε)²/ε²), and Bonferroni's for the number of cuts.
    /// </summary>
    /// <param name="value">The largest |t|.</param>
    /// <param name="cuts">Cuts tried, at least 1.</param>
    /// <param name="smallest">ε: least share of rows on either side, in (0, 0.5].</param>
    /// <exception cref="ArgumentOutOfRangeException">No cut, or a share outside (0, 0.5].</exception>
    public static double PValue(double value, int cuts, double smallest)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cuts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(smallest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smallest, 0.5);
        double bonferroni = Math.Min(1, cuts * 2 * Normal.Cdf(-Math.Abs(value))), b = Math.Abs(value);
        // The bound is one of large deviations: below 1.5 it says nothing.
        if (b < 1.5) return bonferroni;
        double density = Normal.Pdf(b), odds = 2 * Math.Log((1 - smallest) / smallest);
        return Math.Min(bonferroni, 4 * density / b + density * (b - 1 / b) * odds);
    }
}
