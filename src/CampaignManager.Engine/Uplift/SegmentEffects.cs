using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>A segment's effect.</summary>
/// <param name="Segment">Its index.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Customers">Distinct customers in it.</param>
/// <param name="Effect">Mean Γ, in the outcome's unit; NaN when empty.</param>
/// <param name="StandardError">Clustered by customer; NaN below two customers.</param>
/// <param name="Low">Lower end of the joint interval.</param>
/// <param name="High">Upper end of the joint interval.</param>
public sealed record SegmentEffect(int Segment, int Rows, int Customers, double Effect, double StandardError, double Low, double High);

/// <summary>Effects of segments from AIPW scores, with intervals that hold for all segments at once.</summary>
public static class SegmentEffects
{
    /// <summary>
    /// Mean Γ per segment; standard errors clustered by customer (Liang &amp; Zeger 1986, with G/(G − 1)); the joint interval's half-width is the
    /// level quantile of max |t| under a Gaussian multiplier bootstrap by customer (Chernozhukov, Chetverikov &amp; Kato 2013), so a customer with rows in several segments ties them.
    /// </summary>
    /// <param name="effectScores">Γ per row.</param>
    /// <param name="segments">Segment per row, 0..segmentCount−1; negative rows are left out.</param>
    /// <param name="customers">Customer cluster per row, dense from 0.</param>
    /// <param name="segmentCount">Number of segments.</param>
    /// <param name="level">Joint coverage.</param>
    /// <param name="draws">Bootstrap draws.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ArgumentException">Lengths differ, or an index is out of range.</exception>
    public static IReadOnlyList<SegmentEffect> Estimate(ReadOnlySpan<double> effectScores, ReadOnlySpan<int> segments, ReadOnlySpan<int> customers, int segmentCount, double level = 0.90, int draws = 1000, ulong seed = 1)
    {
        if (effectScores.Length != segments.Length || effectScores.Length != customers.Length) throw new ArgumentException("Score, segment and customer need one value a row each.", nameof(segments));
        var sums = new double[segmentCount];
        var rows = new int[segmentCount];
        var clusters = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i] >= segmentCount || customers[i] < 0) throw new ArgumentException("A segment or customer index is out of range.", nameof(segments));
            clusters = Math.Max(clusters, customers[i] + 1);
            if (segments[i] < 0) continue;
            sums[segments[i]] += effectScores[i];
            rows[segments[i]]++;
        }
        SegmentInfluence influence = new(customers, segments, clusters);
        for (var i = 0; i < segments.Length; i++)
        {
            var s = segments[i];
            if (s >= 0) influence.Add(customers[i], s, (effectScores[i] - sums[s] / rows[s]) / rows[s]);
        }
        var variance = new double[segmentCount];
        var members = new int[segmentCount];
        for (var k = 0; k < influence.Count; k++)
        {
            variance[influence.Segment(k)] += influence.Value(k) * influence.Value(k);
            members[influence.Segment(k)]++;
        }
        var error = new double[segmentCount];
        for (var s = 0; s < segmentCount; s++) error[s] = members[s] < 2 ? double.NaN : Math.Sqrt(variance[s] * members[s] / (members[s] - 1.0));
        var critical = CriticalValue(influence, error, level, draws, seed);
        return [.. Enumerable.Range(0, segmentCount).Select(s =>
        {
            var effect = rows[s] == 0 ? double.NaN : sums[s] / rows[s];
            return new SegmentEffect(s, rows[s], members[s], effect, error[s], effect - critical * error[s], effect + critical * error[s]);
        })];
    }

    private static double CriticalValue(SegmentInfluence influence, double[] error, double level, int draws, ulong seed)
    {
        bool[] varies = [.. error.Select(e => e > 0)];
        if (!varies.Any(v => v)) return Normal.Quantile(0.5 + level / 2);
        // Segments without a common customer are independent: the maximum's quantile is known without drawing.
        if (!influence.AnyInSeveral(varies)) return Normal.Quantile(0.5 + Math.Pow(level, 1.0 / varies.Count(v => v)) / 2);
        var ordered = influence.Ordered(varies);
        var random = new SeededRandom(seed);
        double[] multipliers = new double[influence.Clusters], total = new double[error.Length], largest = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            for (var c = 0; c < multipliers.Length; c++) multipliers[c] = random.NextNormal();
            Array.Clear(total);
            foreach (var k in ordered) total[influence.Segment(k)] += multipliers[influence.Customer(k)] * influence.Value(k);
            for (var s = 0; s < total.Length; s++)
                if (error[s] > 0) largest[draw] = Math.Max(largest[draw], Math.Abs(total[s]) / error[s]);
        }
        Array.Sort(largest);
        return Sample.SortedQuantile(largest, level);
    }
}
