namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>With which weights the candidates are averaged.</summary>
internal static class Choice
{
    // The merit of a candidate, a correlation, is not known better than this over the square root of the rows.
    private const double LeastError = 0.5;

    private const double WorthAFit = 0.05;

    // How many standard errors behind the best take a candidate's weight to 1/e of what it was: on few rows the best is a matter of luck, on many of merit.
    private const double MostPatience = 1.5, LeastPatience = 0.5, PatientRows = 4_000;

    /// <summary>
    /// Everyone starts with a prior weight, and loses by how far they are behind the best in units of that distance's own error, paired over splits. Nobody is
    /// dropped: on few rows errors are large, the merits say little and the average stays close to the prior; on many rows the best take over.
    /// </summary>
    /// <param name="splits">What may be looked at.</param>
    /// <param name="priors">Prior weight of each candidate.</param>
    /// <param name="testShare">Held-out rows over training rows of a split.</param>
    public static (double[] Weights, double[] Behind, double[] Errors) Of(IReadOnlyList<FoldScores.Split> splits, IReadOnlyList<double> priors, double testShare)
    {
        int candidates = priors.Count, repeats = splits.Select(s => s.Repeat).Distinct().Count();
        double rows = splits.Sum(s => (double)s.Rows.Length) / repeats, least = LeastError / Math.Sqrt(rows);
        double patience = Math.Clamp(MostPatience * Math.Sqrt(PatientRows / rows), LeastPatience, MostPatience);
        double[] merit = [.. Enumerable.Range(0, candidates).Select(c => splits.Average(s => s.Merit(c)))];
        int best = Array.IndexOf(merit, merit.Max());
        double[] weights = new double[candidates], behind = new double[candidates], errors = new double[candidates];
        for (int c = 0; c < candidates; c++)
        {
            behind[c] = merit[best] - merit[c];
            errors[c] = Error([.. splits.Select(s => s.Merit(best) - s.Merit(c))], testShare);
            weights[c] = priors[c] * Math.Exp(-behind[c] / Math.Max(errors[c], least) / patience);
        }
        double sum = weights.Sum();
        for (int c = 0; c < candidates; c++) weights[c] /= sum;
        return (weights, behind, errors);
    }

    /// <summary>The weights without those so small that a fit on very many rows is not worth its time.</summary>
    /// <param name="weights">Summing to 1.</param>
    public static double[] Worth(double[] weights)
    {
        double[] kept = [.. weights.Select(w => w >= WorthAFit ? w : 0)];
        double sum = kept.Sum();
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
