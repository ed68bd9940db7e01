namespace CampaignManager.Engine.Uplift;

/// <summary>How far a feature or score has moved from what the model was trained on.</summary>
/// <param name="Value">Population stability index: Σ (p − q) ln(p / q) over bins, 0 when nothing moved.</param>
/// <param name="Reference">Smoothed share of the reference in each bin.</param>
/// <param name="Current">Smoothed share of the current rows in each bin.</param>
public sealed record PopulationShift(double Value, IReadOnlyList<double> Reference, IReadOnlyList<double> Current)
{
    /// <summary>Above this the model is said to have drifted.</summary>
    public const double Limit = 0.2;

    /// <summary>Whether to raise the alarm.</summary>
    public bool Drifted => Value > Limit;
}

/// <summary>
/// Population stability index (Siddiqi 2006). Every bin gets half a row in both tables (as Jeffreys' prior does), so an empty one counts without making the index infinite.
/// </summary>
public static class PopulationStability
{
    /// <summary>Of a numeric feature: ten bins at the deciles of the reference, equal ones merged; missing values (NaN) are a bin of their own.</summary>
    /// <exception cref="ArgumentException">Either table is empty.</exception>
    public static PopulationShift Numeric(ReadOnlySpan<float> reference, ReadOnlySpan<float> current)
    {
        float[] sorted = reference.ToArray();
        Array.Sort(sorted);
        // NaN sorts first.
        int missing = 0;
        while (missing < sorted.Length && float.IsNaN(sorted[missing])) missing++;
        var cuts = new List<float>();
        for (int decile = 1; decile < 10; decile++)
        {
            int known = sorted.Length - missing;
            if (known == 0) break;
            float cut = sorted[missing + (int)((long)(known - 1) * decile / 10)];
            // Nothing lies above the largest value, so it is no border; all values the same still leave one, for what may come.
            if (cuts.Count == 0 || (cut > cuts[^1] && cut < sorted[^1])) cuts.Add(cut);
        }
        return Of(Count(reference, cuts), Count(current, cuts));
    }

    /// <summary>Of a categorical feature: one bin a category; categories not seen in the reference share one.</summary>
    /// <exception cref="ArgumentException">Either table is empty.</exception>
    public static PopulationShift Categorical(IReadOnlyList<string> reference, IReadOnlyList<string> current)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        string[] known = [.. reference.Distinct().Order(StringComparer.Ordinal)];
        double[] before = new double[known.Length + 1], after = new double[known.Length + 1];
        foreach (string value in reference) before[Array.BinarySearch(known, value, StringComparer.Ordinal)]++;
        foreach (string value in current)
        {
            int at = Array.BinarySearch(known, value, StringComparer.Ordinal);
            after[at < 0 ? known.Length : at]++;
        }
        return Of(before, after);
    }

    /// <summary>From rows per bin.</summary>
    /// <exception cref="ArgumentException">Bins differ in number, or either table is empty.</exception>
    public static PopulationShift Of(IReadOnlyList<double> reference, IReadOnlyList<double> current)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(current);
        if (reference.Count != current.Count) throw new ArgumentException("Both tables need the same bins.", nameof(current));
        double before = reference.Sum(), after = current.Sum();
        if (!(before > 0) || !(after > 0)) throw new ArgumentException("Stability needs rows to compare on both sides.", nameof(current));
        // A bin empty on both sides says nothing and must not thin out the others.
        int used = Enumerable.Range(0, reference.Count).Count(bin => reference[bin] + current[bin] > 0);
        double[] q = [.. reference.Select((rows, bin) => Share(rows, current[bin], before, used))], p = [.. current.Select((rows, bin) => Share(rows, reference[bin], after, used))];
        return new PopulationShift(p.Zip(q, (now, then) => now == then ? 0 : (now - then) * Math.Log(now / then)).Sum(), q, p);
    }

    private static double Share(double rows, double other, double total, int used) => rows + other == 0 ? 0 : (rows + 0.5) / (total + 0.5 * used);

    private static double[] Count(ReadOnlySpan<float> values, List<float> cuts)
    {
        double[] rows = new double[cuts.Count + 2];
        foreach (float value in values)
        {
            int at = cuts.BinarySearch(value);
            rows[float.IsNaN(value) ? cuts.Count + 1 : at < 0 ? ~at : at]++;
        }
        return rows;
    }
}
