using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>Customers of one tenth of the predicted uplift.</summary>
/// <param name="Decile">1 = highest predicted.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Treated">Of them treated.</param>
/// <param name="Predicted">Mean predicted uplift.</param>
/// <param name="Realised">Difference of arm means with its 95 % Welch interval, or the mean AIPW score with its own; NaN when an arm is empty.</param>
public sealed record CalibrationDecile(int Decile, int Rows, int Treated, double Predicted, DifferenceInterval Realised);

/// <summary>Predicted against realised uplift.</summary>
/// <param name="Deciles">Highest predicted first; at most ten.</param>
/// <param name="ExpectedError">Expected calibration error: row-weighted mean of |predicted − realised| over the deciles that have both arms.</param>
public sealed record CalibrationReport(IReadOnlyList<CalibrationDecile> Deciles, double ExpectedError);

/// <summary>Does a predicted point of uplift come true as a point?</summary>
public static class Calibration
{
    /// <summary>Cuts the rows into tenths by predicted uplift (ties by row) and compares with what happened.</summary>
    /// <param name="outcome">y per row.</param>
    /// <param name="treated">Arm per row.</param>
    /// <param name="score">Predicted uplift per row, in the outcome's unit.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static CalibrationReport ByDecile(ReadOnlySpan<double> outcome, ReadOnlySpan<bool> treated, ReadOnlySpan<double> score)
    {
        if (outcome.Length != treated.Length || outcome.Length != score.Length) throw new ArgumentException("Outcome, arm and score need one value a row each.", nameof(score));
        var n = outcome.Length;
        var keys = score.ToArray();
        var order = Order(keys);
        var deciles = new List<CalibrationDecile>();
        double error = 0;
        long counted = 0;
        for (var decile = 0; decile < 10; decile++)
        {
            int from = (int)((long)n * decile / 10), to = (int)((long)n * (decile + 1) / 10);
            if (to == from) continue;
            double predicted = 0;
            ArmStatistics arm1 = default, arm0 = default;
            for (var i = from; i < to; i++)
            {
                var row = order[i];
                var y = outcome[row];
                predicted += keys[row];
                var one = new ArmStatistics(1, y, y * y);
                if (treated[row]) arm1 += one;
                else arm0 += one;
            }
            predicted /= to - from;
            var realised = Welch.Difference(arm1, arm0);
            deciles.Add(new CalibrationDecile(decile + 1, to - from, (int)arm1.Count, predicted, realised));
            if (double.IsNaN(realised.Estimate)) continue;
            error += Math.Abs(predicted - realised.Estimate) * (to - from);
            counted += to - from;
        }
        return new CalibrationReport(deciles, counted == 0 ? double.NaN : error / counted);
    }
    /// <summary>The same against mean AIPW scores: where arms were not drawn at random, differences of their means say nothing.</summary>
    /// <param name="effectScores">Γ per row (<see cref="Aipw.EffectScores"/>).</param>
    /// <param name="treated">Arm per row.</param>
    /// <param name="score">Predicted uplift per row, in the outcome's unit.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static CalibrationReport ByScores(ReadOnlySpan<double> effectScores, ReadOnlySpan<bool> treated, ReadOnlySpan<double> score)
    {
        if (effectScores.Length != treated.Length || effectScores.Length != score.Length) throw new ArgumentException("Effect score, arm and score need one value a row each.", nameof(score));
        double[] keys = score.ToArray(), gamma = effectScores.ToArray();
        var arm = treated.ToArray();
        var n = keys.Length;
        var order = Order(keys);
        var deciles = new List<CalibrationDecile>();
        for (var decile = 0; decile < 10; decile++)
        {
            var rows = order[(int)((long)n * decile / 10)..(int)((long)n * (decile + 1) / 10)];
            if (rows.Length == 0) continue;
            double mean = rows.Average(i => gamma[i]), squares = rows.Sum(i => (gamma[i] - mean) * (gamma[i] - mean));
            double error = rows.Length < 2 ? double.NaN : Math.Sqrt(squares / (rows.Length - 1) / rows.Length), half = Normal.Quantile(0.975) * error;
            deciles.Add(new CalibrationDecile(
                decile + 1, rows.Length, rows.Count(i => arm[i]), rows.Average(i => keys[i]),
                new DifferenceInterval(mean, error, mean - half, mean + half, rows.Length - 1, 2 * Normal.Cdf(-Math.Abs(mean / error)))));
        }
        return new CalibrationReport(deciles, n == 0 ? double.NaN : deciles.Sum(d => Math.Abs(d.Predicted - d.Realised.Estimate) * d.Rows) / n);
    }

    private static int[] Order(double[] keys)
    {
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : b.CompareTo(a));
        return order;
    }
}
