using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Planning;

/// <content>Intervals of several segments that hold all at once, and single customers' uplift.</content>
public sealed partial class Planner
{
    private const int JointRounds = 10;
    private const double JointCoverage = 0.9;

    /// <summary>Predicted uplift of customers of the sample.</summary>
    /// <param name="customers">Rows of the sample.</param>
    /// <param name="rules">The campaign.</param>
    /// <param name="uplift">Receives a value each.</param>
    internal void UpliftOf(int[] customers, CampaignRules rules, double[] uplift)
    {
        var (keys, cellOf) = Sample.Cells;
        var scopes = new bool[keys.Count][];
        var phi = new double[Basis.Length];
        for (var k = 0; k < customers.Length; k++)
        {
            var cell = cellOf[customers[k]];
            var scope = scopes[cell] ??= PlannedCampaign.ScopeOf(this, rules, Sample.SegmentsOf(keys[cell]));
            FillPoint(customers[k], rules.Offer, scope, phi);
            uplift[k] = effects.Predict(PlannerTargets.Conversion, phi);
        }
    }

    /// <summary>
    /// Lines of one kind with the intervals that hold for all of them at once: the max-t bootstrap over the model's joint draws (Romano
    /// &amp; Wolf 2005),
    /// each with a draw of what differs between campaigns. Half-widths grow by one factor, never below 1.
    /// </summary>
    private void Join(List<SegmentPrediction> lines, string kind, IReadOnlyList<double[]> means, double unit)
    {
        int[] places = [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].Kind == kind)];
        var between = effects.CampaignVariance;
        var uplift = Factor(means, (mean, b) => effects.Predict(PlannerTargets.Conversion, mean, b), between[PlannerTargets.Conversion]);
        var net = Factor(
            means,
            (mean, b) => effects.Predict(PlannerTargets.Margin, mean, b) - unit * effects.Predict(PlannerTargets.Discount, mean, b),
            CampaignVariance(unit));
        foreach (var i in places)
        {
            var line = lines[i];
            lines[i] = line with
            {
                UpliftJointLow = line.Uplift - uplift * (line.Uplift - line.UpliftLow),
                UpliftJointHigh = line.Uplift + uplift * (line.UpliftHigh - line.Uplift),
                NetProfitJointLow = line.NetProfit - net * (line.NetProfit - line.NetProfitLow),
                NetProfitJointHigh = line.NetProfit + net * (line.NetProfitHigh - line.NetProfit),
            };
        }
    }

    // In the order of the lines, and like them without segments that nobody is in.
    private static List<double[]> MeansOf(PlannedCampaign campaign, string kind, int count) =>
    [
        .. Enumerable.Range(0, count)
            .Select(k => campaign.Sum((lifecycle, favourite) => (kind == "lifecycle" ? lifecycle : favourite) == k))
            .Where(sums => sums.Weight >= 0.5).Select(sums => Scaled(sums.Phi, 1 / sums.Weight)),
    ];

    private double Factor(IReadOnlyList<double[]> means, Func<double[], int, double> of, double between)
    {
        if (means.Count < 2)
            return 1;
        double[][] draws = [.. means.Select(mean => Centred([.. Enumerable.Range(0, effects.Draws).Select(b => of(mean, b))]))];
        double[] spread = [.. draws.Select(d => Math.Sqrt(d.Sum(v => v * v) / (d.Length - 1) + between))];
        var random = new SeededRandom(1);
        var largest = new double[effects.Draws * JointRounds];
        for (var r = 0; r < largest.Length; r++)
        {
            for (var s = 0; s < draws.Length; s++)
            {
                var deviation = draws[s][r % effects.Draws] + Math.Sqrt(between) * random.NextNormal();
                if (spread[s] > 0)
                    largest[r] = Math.Max(largest[r], Math.Abs(deviation) / spread[s]);
            }
        }

        Array.Sort(largest);
        return Math.Max(1, largest[(int)(JointCoverage * (largest.Length - 1))] / Normal.Quantile(Tail));
    }

    private static double[] Centred(double[] values)
    {
        var mean = values.Average();
        return [.. values.Select(v => v - mean)];
    }
}
