using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Uplift;

/// <summary>Customers of one tenth of the predicted uplift.</summary>
/// <param name="Decile">1 = highest predicted.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Treated">Of them treated.</param>
/// <param name="Predicted">Mean predicted uplift.</param>
/// <param name="Realised">Difference of arm means with its 95 % Welch interval; NaN when an arm is empty.</param>
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
        int n = outcome.Length;
        double[] keys = score.ToArray();
        int[] order = Enumerable.Range(0, n).ToArray();
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : b.CompareTo(a));
        var deciles = new List<CalibrationDecile>();
        double error = 0;
        long counted = 0;
        for (int decile = 0; decile < 10; decile++)
        {
            int from = (int)((long)n * decile / 10), to = (int)((long)n * (decile + 1) / 10);
            if (to == from) continue;
            double predicted = 0;
            ArmStatistics arm1 = default, arm0 = default;
            for (int i = from; i < to; i++)
            {
                int row = order[i];
                double y = outcome[row];
                predicted += keys[row];
                var one = new ArmStatistics(1, y, y * y);
                if (treated[row]) arm1 += one;
                else arm0 += one;
            }
            predicted /= to - from;
            DifferenceInterval realised = Welch.Difference(arm1, arm0);
            deciles.Add(new CalibrationDecile(decile + 1, to - from, (int)arm1.Count, predicted, realised));
            if (double.IsNaN(realised.Estimate)) continue;
            error += Math.Abs(predicted - realised.Estimate) * (to - from);
            counted += to - from;
        }
        return new CalibrationReport(deciles, counted == 0 ? double.NaN : error / counted);
    }
}
