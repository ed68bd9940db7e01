namespace CampaignManager.Engine.Statistics;

/// <summary>Summaries of a set of numbers.</summary>
public static class Sample
{
    /// <summary>Quantile by linear interpolation between order statistics (Hyndman &amp; Fan 1996, type 7) of values already sorted upwards. Empty gives NaN.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is outside 0..1.</exception>
    public static double SortedQuantile(ReadOnlySpan<double> sorted, double p)
    {
        if (p is < 0 or > 1 or double.NaN) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies in 0..1.");
        if (sorted.Length == 0) return double.NaN;
        var position = p * (sorted.Length - 1);
        var below = (int)position;
        if (below >= sorted.Length - 1) return sorted[^1];
        var share = position - below;
        return share == 0 ? sorted[below] : sorted[below] + share * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>Quantile of values in any order; NaN values are left out.</summary>
    public static double Quantile(IEnumerable<double> values, double p)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value))];
        Array.Sort(sorted);
        return SortedQuantile(sorted, p);
    }
}
