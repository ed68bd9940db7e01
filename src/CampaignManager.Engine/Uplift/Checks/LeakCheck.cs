using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Uplift.Checks;

/// <summary>A feature that all but tells the outcome.</summary>
/// <param name="Feature">Column.</param>
/// <param name="Area">Area under its ROC curve for "outcome above 0", 0.5..1.</param>
public sealed record Leak(int Feature, double Area);

/// <summary>
/// Finds features that were filled in after the outcome (order value, delivery date ...): taken alone they rank buyers before others almost without error,
/// which nothing known beforehand does. An area of .9 is a strong honest feature; from <see cref="Suspicious"/> on it is said.
/// </summary>
public static class LeakCheck
{
    /// <summary>Area from which a single feature is not believed.</summary>
    public const double Suspicious = 0.975;

    private const int FewestBuyers = 30;

    /// <summary>Suspicious features, worst first.</summary>
    /// <param name="bins">Features.</param>
    /// <param name="outcome">y per row; above 0 counts as bought.</param>
    /// <param name="rows">Rows to look at.</param>
    public static IReadOnlyList<Leak> Find(BinnedFeatures bins, double[] outcome, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(rows);
        var buyers = rows.Count(i => outcome[i] > 0);
        if (buyers < FewestBuyers || rows.Length - buyers < FewestBuyers) return [];
        return [.. Enumerable.Range(0, bins.Width).Select(j => new Leak(j, Area(bins, j, outcome, rows, buyers))).Where(l => l.Area >= Suspicious).OrderByDescending(l => l.Area).ThenBy(l => l.Feature)];
    }

    private static double Area(BinnedFeatures bins, int feature, double[] outcome, int[] rows, int buyers)
    {
        long[] yes = new long[bins.Bins(feature)], no = new long[yes.Length];
        var column = bins.Column(feature);
        foreach (var i in rows) (outcome[i] > 0 ? yes : no)[column[i]]++;
        // Pairs of a buyer and another in which the buyer's bin is higher, ties half.
        double pairs = 0, below = 0;
        for (var b = 0; b < yes.Length; b++)
        {
            pairs += yes[b] * (below + no[b] / 2.0);
            below += no[b];
        }
        var area = pairs / ((double)buyers * (rows.Length - buyers));
        return Math.Max(area, 1 - area);
    }
}
