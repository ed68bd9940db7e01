namespace CampaignManager.Engine.Uplift;

/// <summary>How near predicted outcomes are to what happened. What does not apply (all but the first two for money, a ratio without a denominator) is NaN.</summary>
/// <param name="Mae">Mean absolute error, in the outcome's unit.</param>
/// <param name="Rmse">Root of the mean squared error, in the outcome's unit.</param>
/// <param name="RocAuc">P(a converter is ranked above a non-converter), ties counting half (Mann &amp; Whitney 1947).</param>
/// <param name="LogLoss">Mean −ln P(what happened), predictions kept within 1e-15..1 − 1e-15.</param>
/// <param name="Accuracy">Share told rightly at the threshold.</param>
/// <param name="Precision">Of those predicted to convert, the share that did.</param>
/// <param name="Recall">Of those who converted, the share predicted.</param>
/// <param name="F1">Harmonic mean of precision and recall.</param>
public sealed record ResponseMetrics(double Mae, double Rmse, double RocAuc, double LogLoss, double Accuracy, double Precision, double Recall, double F1)
{
    /// <summary>Measures predictions.</summary>
    /// <param name="outcome">y: 0/1, or money.</param>
    /// <param name="predicted">Probability, or money.</param>
    /// <param name="binary">Whether the outcome is 0/1.</param>
    /// <param name="threshold">Predicted to convert from this probability on.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there are no rows.</exception>
    public static ResponseMetrics Of(ReadOnlySpan<double> outcome, ReadOnlySpan<double> predicted, bool binary, double threshold = 0.5)
    {
        if (outcome.Length == 0 || outcome.Length != predicted.Length) throw new ArgumentException("Outcome and prediction need one value a row each, of at least one row.", nameof(predicted));
        double absolute = 0, square = 0, log = 0;
        int hits = 0, alarms = 0, positives = 0, right = 0;
        for (var i = 0; i < outcome.Length; i++)
        {
            var miss = predicted[i] - outcome[i];
            absolute += Math.Abs(miss);
            square += miss * miss;
            if (!binary) continue;
            bool yes = outcome[i] == 1, said = predicted[i] >= threshold;
            var p = Math.Clamp(predicted[i], 1e-15, 1 - 1e-15);
            log -= Math.Log(yes ? p : 1 - p);
            if (yes) positives++;
            if (said) alarms++;
            if (yes && said) hits++;
            if (yes == said) right++;
        }
        var n = outcome.Length;
        double mae = absolute / n, rmse = Math.Sqrt(square / n);
        if (!binary) return new ResponseMetrics(mae, rmse, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        return new ResponseMetrics(mae, rmse, Auc(outcome, predicted, positives), log / n, (double)right / n, Ratio(hits, alarms), Ratio(hits, positives), Ratio(2 * hits, alarms + positives));
    }

    private static double Auc(ReadOnlySpan<double> outcome, ReadOnlySpan<double> predicted, int positives)
    {
        double[] keys = predicted.ToArray(), yes = outcome.ToArray();
        Array.Sort(keys, yes);
        double ranks = 0;
        for (int from = 0, to; from < keys.Length; from = to)
        {
            var converters = 0;
            for (to = from; to < keys.Length && keys[to] == keys[from]; to++)
                if (yes[to] == 1) converters++;
            // Tied rows share their mean rank; ranks start at 1.
            ranks += converters * (from + 1 + to) / 2.0;
        }
        double negatives = keys.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (ranks - positives * (positives + 1.0) / 2) / (positives * negatives);
    }

    private static double Ratio(double part, double whole) => whole == 0 ? double.NaN : part / whole;
}
