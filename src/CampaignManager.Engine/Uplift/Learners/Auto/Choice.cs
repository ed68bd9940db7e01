namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>Which candidates are averaged, and with which weights.</summary>
internal static class Choice
{
    /// <summary>
    /// Keeps the best candidate and those that are not behind it by more than a standard error, paired over splits; weighs by merit. All weights are 0
    /// when nothing has merit.
    /// </summary>
    /// <param name="splits">What may be looked at.</param>
    /// <param name="candidates">Number of candidates.</param>
    /// <param name="testShare">Held-out rows over training rows of a split.</param>
    public static (double[] Weights, double[] Behind, double[] Errors) Of(IReadOnlyList<FoldScores.Split> splits, int candidates, double testShare)
    {
        double[] merit = [.. Enumerable.Range(0, candidates).Select(c => splits.Average(s => s.Merit(c)))];
        int best = Array.IndexOf(merit, merit.Max());
        double[] weights = new double[candidates], behind = new double[candidates], errors = new double[candidates];
        for (int c = 0; c < candidates; c++)
        {
            behind[c] = merit[best] - merit[c];
            errors[c] = Error([.. splits.Select(s => s.Merit(best) - s.Merit(c))], testShare);
            if (merit[c] > 0 && behind[c] <= errors[c]) weights[c] = merit[c];
        }
        double sum = weights.Sum();
        if (sum > 0)
            for (int c = 0; c < candidates; c++) weights[c] /= sum;
        return (weights, behind, errors);
    }

    /// <summary>Standard error of a mean over overlapping splits: s·√(1/J + n_test/n_train) (Nadeau &amp; Bengio 2003).</summary>
    public static double Error(double[] differences, double testShare)
    {
        if (differences.Length < 2) return double.PositiveInfinity;
        double mean = differences.Average(), squares = differences.Sum(d => (d - mean) * (d - mean));
        return Math.Sqrt(squares / (differences.Length - 1) * (1.0 / differences.Length + testShare));
    }
}
