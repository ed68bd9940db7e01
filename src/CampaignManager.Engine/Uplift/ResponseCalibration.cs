using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>Customers of one part of the predicted chances.</summary>
/// <param name="Customers">How many.</param>
/// <param name="Predicted">Mean predicted chance, 0..1.</param>
/// <param name="Realised">Share that did, 0..1.</param>
/// <param name="Low">Lower end of its 95 % interval (Wilson 1927).</param>
/// <param name="High">Its upper end.</param>
public sealed record CalibrationGroup(int Customers, double Predicted, double Realised, double Low, double High);

/// <summary>Do seven of ten for whom seven in ten was said?</summary>
/// <param name="Groups">Equal parts, lowest chances first; fewer where there are fewer customers.</param>
/// <param name="ExpectedError">Mean of |predicted − realised| over the groups, weighted by customers; NaN without any.</param>
public sealed record ResponseCalibration(IReadOnlyList<CalibrationGroup> Groups, double ExpectedError)
{
    /// <summary>Cuts customers into equal parts by predicted chance (ties by row) and compares with what happened.</summary>
    /// <param name="outcome">What happened.</param>
    /// <param name="predicted">Predicted chance, 0..1.</param>
    /// <param name="groups">How many parts, at least one.</param>
    /// <exception cref="ArgumentException">Lengths differ, or no parts are asked for.</exception>
    public static ResponseCalibration Of(bool[] outcome, double[] predicted, int groups = 5)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(predicted);
        if (outcome.Length != predicted.Length) throw new ArgumentException("Outcome and prediction need one value a customer each.", nameof(predicted));
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        int[] order = [.. Enumerable.Range(0, predicted.Length).OrderBy(i => predicted[i])];
        List<CalibrationGroup> found = [];
        for (var g = 0; g < groups; g++)
        {
            var rows = order[(int)((long)order.Length * g / groups)..(int)((long)order.Length * (g + 1) / groups)];
            if (rows.Length == 0) continue;
            var did = rows.Count(i => outcome[i]);
            (var low, var high) = Wilson.Interval(did, rows.Length);
            found.Add(new CalibrationGroup(rows.Length, rows.Average(i => predicted[i]), (double)did / rows.Length, low, high));
        }
        return new ResponseCalibration(found, found.Count == 0 ? double.NaN : found.Sum(g => g.Customers * Math.Abs(g.Predicted - g.Realised)) / order.Length);
    }
}
