using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>
/// Population stability index, PSI = Σ (q − p) ln(q / p) over bins, p the share then and q the share now: the symmetrised Kullback–Leibler divergence
/// (Jeffreys 1946; as used for scorecards by Siddiqi 2006). Below 0.1 nothing has moved, above <see cref="Alarm"/> much has.
/// </summary>
public static class PopulationStability
{
    /// <summary>Above this the population is another one.</summary>
    public const double Alarm = 0.2;

    /// <summary>Pseudo-count that keeps an empty bin from making the index infinite.</summary>
    public const double Smoothing = 0.5;

    private const int Bins = 10;

    /// <summary>The distinct deciles of the reference, upwards, as cuts between bins. Fewer than nine where values tie; none when all are equal or missing.</summary>
    /// <param name="values">In any order; NaN is missing and left out.</param>
    public static double[] Cuts(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(v => !double.IsNaN(v))];
        if (sorted.Length == 0) return [];
        Array.Sort(sorted);
        // A cut at the largest value would leave nothing above it: it moves to the largest value below, so that a mass at the top stays a bin of its own.
        var top = sorted[^1];
        var below = Array.FindLastIndex(sorted, value => value < top);
        if (below < 0) return [];
        return [.. Enumerable.Range(1, Bins - 1).Select(i => Sample.SortedQuantile(sorted, i / (double)Bins)).Select(cut => cut < top ? cut : sorted[below]).Distinct().Order()];
    }

    /// <summary>Counts by bin: at most the first cut, up to each further cut, above the last; then missing values.</summary>
    /// <param name="values">NaN is missing.</param>
    /// <param name="cuts">Upwards.</param>
    /// <returns>cuts.Length + 2 counts.</returns>
    public static long[] Counts(IEnumerable<double> values, double[] cuts)
    {
        ArgumentNullException.ThrowIfNull(cuts);
        ArgumentNullException.ThrowIfNull(values);
        var counts = new long[cuts.Length + 2];
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                counts[^1]++;
                continue;
            }
            var at = Array.BinarySearch(cuts, value);
            counts[at >= 0 ? at : ~at]++;
        }
        return counts;
    }

    /// <summary>The index of two sets of counts over the same bins, numeric or levels alike. Bins empty in both are left out.</summary>
    /// <param name="reference">Counts then.</param>
    /// <param name="present">Counts now, by the same bins.</param>
    /// <returns>0 when the shares are equal; NaN when either set is empty.</returns>
    /// <exception cref="ArgumentException">The numbers of bins differ.</exception>
    public static double Index(ReadOnlySpan<long> reference, ReadOnlySpan<long> present)
    {
        if (reference.Length != present.Length) throw new ArgumentException("Both sets need the same bins.", nameof(present));
        long then = 0, now = 0;
        var used = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            then += reference[i];
            now += present[i];
            if (reference[i] + present[i] > 0) used++;
        }
        if (then == 0 || now == 0) return double.NaN;
        var empty = false;
        for (var i = 0; i < reference.Length; i++) empty |= reference[i] == 0 != (present[i] == 0);
        // Only where a bin is empty on one side: full bins keep the textbook value.
        double add = empty ? Smoothing : 0, sum = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] + present[i] == 0) continue;
            double p = (reference[i] + add) / (then + add * used), q = (present[i] + add) / (now + add * used);
            sum += (q - p) * Math.Log(q / p);
        }
        return sum;
    }
}
