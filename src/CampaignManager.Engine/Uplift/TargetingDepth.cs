using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>Gain when a share of all customers is treated.</summary>
/// <param name="Share">Share treated, from the highest predicted uplift on.</param>
/// <param name="Value">Gain per customer of the whole.</param>
public readonly record struct DepthPoint(double Share, double Value);

/// <summary>How deep into the ranking to treat, and what that is worth on rows that had no part in deciding it.</summary>
/// <param name="Share">Share of customers treated.</param>
/// <param name="Threshold">Predicted uplift from which a customer is treated; −∞ for all.</param>
/// <param name="Value">Gain per customer of the whole, against treating nobody.</param>
/// <param name="All">The same when everybody is treated.</param>
/// <param name="OverAll">Value − All with its interval.</param>
/// <param name="Curve">Gain per customer by share treated, on the same rows.</param>
public sealed record TargetingDepth(double Share, double Threshold, Estimate Value, Estimate All, Estimate OverAll, IReadOnlyList<DepthPoint> Curve)
{
    private const int Steps = 40;

    /// <summary>Whether stopping there is surely better than treating everybody.</summary>
    public bool Detected => OverAll.Low > 0;

    /// <summary>
    /// Chooses the depth of highest gain on one set of rows and values it on another (AIPW means, Athey &amp; Wager 2021); standard errors clustered by customer.
    /// </summary>
    /// <param name="choosing">Predicted uplift and unbiased gain of treating (m·Γ − d·Γ1 − c, or Γ itself) of the rows that choose; predictions from folds that did not see them.</param>
    /// <param name="judging">The same of held-out rows.</param>
    /// <param name="customers">Customer of every judging row.</param>
    /// <param name="level">Coverage of the intervals.</param>
    /// <exception cref="ArgumentException">A set is empty or its arrays differ in length.</exception>
    public static TargetingDepth Find((double[] Uplift, double[] Gain) choosing, (double[] Uplift, double[] Gain) judging, int[] customers, double level = 0.90)
    {
        if (choosing.Uplift.Length == 0 || judging.Uplift.Length == 0 || choosing.Uplift.Length != choosing.Gain.Length || judging.Uplift.Length != judging.Gain.Length)
            throw new ArgumentException("Give each row a predicted uplift and a gain, and both sets some rows.", nameof(choosing));
        var threshold = ThresholdOf(choosing.Uplift, choosing.Gain);
        var n = judging.Uplift.Length;
        double[] chosen = [.. judging.Gain.Select((g, i) => judging.Uplift[i] >= threshold ? g : 0)];
        var share = judging.Uplift.Count(u => u >= threshold) / (double)n;
        return new TargetingDepth(
            share, threshold, Mean(chosen, customers, level), Mean(judging.Gain, customers, level), Mean([.. chosen.Select((g, i) => g - judging.Gain[i])], customers, level), CurveOf(judging.Uplift, judging.Gain));
    }

    private static double ThresholdOf(double[] uplift, double[] gain)
    {
        var order = Order(uplift);
        double sum = 0, best = 0, threshold = double.PositiveInfinity;
        for (var i = 0; i < order.Length; i++)
        {
            sum += gain[order[i]];
            var tie = i + 1 < order.Length && uplift[order[i + 1]] == uplift[order[i]];
            if (tie || !(sum > best)) continue;
            best = sum;
            threshold = i + 1 == order.Length ? double.NegativeInfinity : uplift[order[i]];
        }
        return threshold;
    }

    private static List<DepthPoint> CurveOf(double[] uplift, double[] gain)
    {
        var order = Order(uplift);
        List<DepthPoint> curve = [new(0, 0)];
        double sum = 0;
        var next = 1;
        for (var i = 0; i < order.Length; i++)
        {
            sum += gain[order[i]];
            if ((long)(i + 1) * Steps < (long)next * order.Length) continue;
            curve.Add(new DepthPoint((i + 1) / (double)order.Length, sum / order.Length));
            while ((long)next * order.Length <= (long)(i + 1) * Steps) next++;
        }
        return curve;
    }

    private static int[] Order(double[] uplift)
    {
        int[] order = [.. Enumerable.Range(0, uplift.Length)];
        Array.Sort(order, (a, b) => uplift[a] != uplift[b] ? uplift[b].CompareTo(uplift[a]) : a.CompareTo(b));
        return order;
    }

    internal static Estimate Mean(double[] values, int[] customers, double level)
    {
        var mean = values.Average();
        var byCustomer = CustomerClusters.Sums(customers, i => values[i] - mean);
        double clusters = byCustomer.Length, squares = 0;
        foreach (var sum in byCustomer) squares += sum * sum;
        var half = clusters < 2 ? double.NaN : Normal.Quantile(0.5 + level / 2) * Math.Sqrt(squares * clusters / (clusters - 1)) / values.Length;
        return new Estimate(mean, mean - half, mean + half);
    }
}
