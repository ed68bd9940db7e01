namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>With which weights the candidates are averaged.</summary>
internal static class Choice
{
    // The merit of a candidate, a correlation, is not known better than this over the square root of the rows.
    private const double LeastError = 0.5;

    private const double WorthAFit = 0.05;

    /// <summary>
    /// Everyone starts with a prior weight, and loses by how far they are behind the best in units of that distance's own error, paired over splits. Nobody is
    /// dropped: on few rows errors are large, the merits say little and the average stays close to the prior; on many rows the best take over.
    /// </summary>
    /// <param name="splits">What may be looked at.</param>
    /// <param name="candidates">The candidates, with their prior weights.</param>
    /// <param name="testShare">Held-out rows over training rows of a split.</param>
    public static (double[] Weights, double[] Behind, double[] Errors) Of(IReadOnlyList<FoldScores.Split> splits, IReadOnlyList<AutoCandidate> candidates, double testShare)
    {
        int count = candidates.Count, repeats = splits.Select(s => s.Repeat).Distinct().Count();
        double rows = splits.Sum(s => (double)s.Rows.Length) / repeats, least = LeastError / Math.Sqrt(rows);
        double[] merit = [.. Enumerable.Range(0, count).Select(c => splits.Average(s => s.Merit(c)))];
        var best = Array.IndexOf(merit, merit.Max());
        var caution = Caution.Of(rows, merit[best]);
        double[] weights = new double[count], behind = new double[count], errors = new double[count];
        for (var c = 0; c < count; c++)
        {
            behind[c] = merit[best] - merit[c];
            errors[c] = Error([.. splits.Select(s => s.Merit(best) - s.Merit(c))], testShare);
            weights[c] = candidates[c].Prior * (candidates[c].Flexible ? caution.Growth : 1) * Math.Exp(-behind[c] / Math.Max(errors[c], least) / caution.Patience);
        }
        var sum = weights.Sum();
        for (var c = 0; c < count; c++) weights[c] /= sum;
        return (weights, behind, errors);
    }

    /// <summary>The weights without those so small that a fit on very many rows is not worth its time.</summary>
    /// <param name="weights">Summing to 1.</param>
    public static double[] Worth(double[] weights)
    {
        double[] kept = [.. weights.Select(w => w >= WorthAFit ? w : 0)];
        var sum = kept.Sum();
        return sum > 0 ? [.. kept.Select(w => w / sum)] : weights;
    }

    /// <summary>Standard error of a mean over overlapping splits: s·√(1/J + n_test/n_train) (Nadeau &amp; Bengio 2003).</summary>
    public static double Error(double[] differences, double testShare)
    {
        if (differences.Length < 2) return double.PositiveInfinity;
        double mean = differences.Average(), squares = differences.Sum(d => (d - mean) * (d - mean));
        return Math.Sqrt(squares / (differences.Length - 1) * (1.0 / differences.Length + testShare));
    }
}
