using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Propensity;

namespace CampaignManager.Engine.Uplift.Observational;

/// <summary>
/// Reads a log of messages that were not sent at random, and says by four gates whether it may be read at all. Chances are estimated by cross-fitting from what was known four weeks before
/// the message; customers outside [.02, .98] are left out (Crump et al. 2009); means are weighted by the inverse of the chance of their own arm (Hájek 1971), with the standard error of known
/// chances, which is a little too wide. The placebo is the same comparison on the four weeks before: whoever chose whom to write to saw those weeks, and an unmeasured reason shows in them.
/// </summary>
public static class LogGates
{
    /// <summary>Estimated chances below this, or above one minus this, leave nothing to compare with.</summary>
    public const double Least = 0.02;

    /// <summary>Customers needed in each arm.</summary>
    public const int FewestPerArm = 500;

    /// <summary>Standardised mean differences from this on are no balance.</summary>
    public const double MostImbalance = 0.1;

    private const int Folds = 5;

    /// <summary>Judges a log.</summary>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static LogReading Judge(MessageLog log, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(context);
        var n = log.Treated.Length;
        if (log.Before.Rows != n || log.OrderedBefore.Length != n || log.Ordered.Length != n)
            throw new ArgumentException("Features, arm and orders need one value a customer each.", nameof(log));
        var treated = log.Treated.Count(t => t);
        List<LogGate> failed = log.IsSent ? [] : [LogGate.Sent];
        // Estimating chances of next to nobody says nothing and may fail.
        var few = Math.Min(treated, n - treated) < Folds * 2;
        var chance = few ? [] : Chances(log, context);
        int[] kept = few ? [] : [.. Enumerable.Range(0, n).Where(i => chance[i] is >= Least and <= 1 - Least)];
        int keptTreated = kept.Count(i => log.Treated[i]), keptControl = kept.Length - keptTreated;
        if (Math.Min(keptTreated, keptControl) < FewestPerArm) failed.Add(LogGate.Overlap);
        if (Math.Min(keptTreated, keptControl) < 2)
            return new LogReading(treated, n - treated, keptTreated, keptControl, null, double.NaN, -1, null, double.NaN, double.NaN, failed);

        var weights = new double[n];
        foreach (var i in kept) weights[i] = log.Treated[i] ? 1 / chance[i] : 1 / (1 - chance[i]);
        var placebo = Difference(log, log.OrderedBefore, kept, weights);
        var effect = Difference(log, log.Ordered, kept, weights);
        // Who all ordered, or none did, in those weeks proves nothing: an interval that cannot be given holds no zero.
        if (!(placebo.Low <= 0 && placebo.High >= 0)) failed.Add(LogGate.Placebo);
        (var feature, var imbalance) = Imbalance(log, kept, weights);
        if (!(imbalance < MostImbalance)) failed.Add(LogGate.Balance);
        (var t, var freedom) = TreatmentRegression.Of(log, kept);
        return new LogReading(
            treated, n - treated, keptTreated, keptControl, placebo, imbalance, feature, effect,
            freedom > 1 ? RobustnessValue.Of(t, freedom) : double.NaN, freedom > 1 ? RobustnessValue.OfInterval(t, freedom) : double.NaN, failed);
    }

    private static double[] Chances(MessageLog log, FitContext context)
    {
        int[] all = [.. Enumerable.Range(0, log.Treated.Length)], folds = new int[all.Length];
        var random = new SeededRandom(context.Seed);
        for (var i = 0; i < folds.Length; i++) folds[i] = (int)(random.NextDouble() * Folds);
        var bins = BinnedFeatures.Of(log.Before, all, threads: context.Threads);
        return PropensityEstimate.CrossFit(log.Before, bins, log.Treated, all, folds, all, _ => true, context).Values;
    }

    private static DifferenceInterval Difference(MessageLog log, bool[] outcome, int[] kept, double[] weights)
    {
        (var mean1, var variance1) = Mean(true);
        (var mean0, var variance0) = Mean(false);
        double estimate = mean1 - mean0, error = Math.Sqrt(variance1 + variance0), half = Normal.Quantile(0.975) * error;
        return error > 0
            ? new DifferenceInterval(estimate, error, estimate - half, estimate + half, double.PositiveInfinity, 2 * Normal.Cdf(-Math.Abs(estimate / error)))
            : new DifferenceInterval(estimate, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

        (double Mean, double Variance) Mean(bool arm)
        {
            double sum = 0, total = 0, squares = 0;
            foreach (var i in kept)
            {
                if (log.Treated[i] != arm) continue;
                total += weights[i];
                if (outcome[i]) sum += weights[i];
            }
            var mean = sum / total;
            foreach (var i in kept)
            {
                if (log.Treated[i] != arm) continue;
                var miss = weights[i] * ((outcome[i] ? 1 : 0) - mean);
                squares += miss * miss;
            }
            return (mean, squares / (total * total));
        }
    }

    // The spread is that of the arms as they are (Austin 2009): weighting must not widen what it is measured by.
    private static (int Feature, double Imbalance) Imbalance(MessageLog log, int[] kept, double[] weights)
    {
        (var worst, var largest) = (-1, 0.0);
        for (var j = 0; j < log.Before.Width; j++)
        {
            ArmStatistics arm1 = default, arm0 = default;
            double sum1 = 0, total1 = 0, sum0 = 0, total0 = 0;
            foreach (var i in kept)
            {
                double value = log.Before.Row(i)[j], weight = weights[i];
                var one = new ArmStatistics(1, value, value * value);
                if (log.Treated[i]) (arm1, sum1, total1) = (arm1 + one, sum1 + weight * value, total1 + weight);
                else (arm0, sum0, total0) = (arm0 + one, sum0 + weight * value, total0 + weight);
            }
            var spread = Math.Sqrt((arm1.Variance + arm0.Variance) / 2);
            if (!(spread > 0)) continue;
            var difference = Math.Abs(sum1 / total1 - sum0 / total0) / spread;
            if (difference > largest) (worst, largest) = (j, difference);
        }
        return (worst, largest);
    }
}
