using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>
/// A test set sorted once by predicted uplift, high first, and judged by AIPW scores instead of by differences of arm means: what stays valid where arms were not drawn
/// at random. The curve is the sum of Γ down to a depth, in outcomes gained if all rows so far were treated.
/// </summary>
public sealed class EffectRanking
{
    private static readonly double[] Depths = [0.10, 0.20, 0.30];

    private readonly double[] gamma;
    private readonly int[] order;
    private readonly int[] groupEnds;

    /// <summary>Sorts the set; of tied rows the later in the file comes first.</summary>
    /// <param name="effectScores">Γ per row (<see cref="Aipw.EffectScores"/>).</param>
    /// <param name="score">Predicted uplift per row; no NaN.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a value is NaN.</exception>
    public EffectRanking(ReadOnlySpan<double> effectScores, ReadOnlySpan<double> score)
    {
        if (effectScores.Length != score.Length) throw new ArgumentException("Effect score and predicted uplift need one value a row each.", nameof(score));
        double[] keys = score.ToArray(), gamma = effectScores.ToArray();
        if (keys.Any(double.IsNaN) || gamma.Any(double.IsNaN)) throw new ArgumentException("A row has no score.", nameof(score));
        order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : b.CompareTo(a));
        this.gamma = [.. order.Select(row => gamma[row])];
        groupEnds = [.. Enumerable.Range(1, keys.Length).Where(end => end == keys.Length || keys[order[end]] != keys[order[end - 1]])];
    }

    /// <summary>Rows.</summary>
    public int Count => gamma.Length;

    /// <summary>Sum of Γ at every distinct depth, from (0, 0).</summary>
    public IReadOnlyList<CurvePoint> Curve()
    {
        var points = new List<CurvePoint>(groupEnds.Length + 1) { new(0, 0) };
        double sum = 0;
        var position = 0;
        foreach (var end in groupEnds)
        {
            for (; position < end; position++) sum += gamma[position];
            points.Add(new CurvePoint(end, sum));
        }
        return points;
    }

    /// <summary>The figures: areas between curve and diagonal over n², means of Γ. What is normalised by a perfect curve is NaN, since Γ has none.</summary>
    public UpliftMetrics Metrics() => Metrics([]);

    /// <summary>Figures with percentile intervals; customers are drawn with replacement. Same seed, same interval.</summary>
    /// <param name="customers">Customer of every row.</param>
    /// <param name="draws">Bootstrap draws.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="level">Coverage.</param>
    /// <param name="token">Ends the work early.</param>
    /// <exception cref="ArgumentException">Another number of customers than rows.</exception>
    public UpliftMetricIntervals Intervals(
        ReadOnlySpan<int> customers, int draws = UpliftBootstrap.DefaultDraws, ulong seed = 20_080_320, double level = 0.95, CancellationToken token = default)
    {
        if (customers.Length != Count) throw new ArgumentException("Give each row a customer.", nameof(customers));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        var cluster = new int[Count];
        for (var i = 0; i < Count; i++) cluster[i] = customers[order[i]];
        var clusters = CustomerClusters.Number(cluster, cluster);
        var random = new SeededRandom(seed);
        var results = new UpliftMetrics[draws];
        int[] drawn = new int[clusters], weights = new int[Count];
        for (var draw = 0; draw < draws; draw++)
        {
            token.ThrowIfCancellationRequested();
            Array.Clear(drawn);
            for (var i = 0; i < drawn.Length; i++) drawn[random.NextInt(drawn.Length)]++;
            for (var i = 0; i < weights.Length; i++) weights[i] = drawn[cluster[i]];
            results[draw] = Metrics(weights);
        }
        return UpliftBootstrap.Percentiles(Metrics(), results, level);
    }

    private UpliftMetrics Metrics(ReadOnlySpan<int> weights)
    {
        long n = 0;
        if (weights.IsEmpty) n = Count;
        else foreach (var weight in weights) n += weight;
        if (n == 0) return UpliftMetrics.None;
        Span<double> top = stackalloc double[3];
        top.Fill(double.NaN);
        Span<long> cut = stackalloc long[3];
        for (var d = 0; d < 3; d++) cut[d] = (long)Math.Floor(Depths[d] * n + 1e-9);
        double sum = 0, area = 0, lastSum = 0;
        long rows = 0, lastRows = 0;
        int depth = 0, position = 0;
        foreach (var end in groupEnds)
        {
            for (; position < end; position++)
            {
                var weight = weights.IsEmpty ? 1 : weights[position];
                while (depth < 3 && rows + weight >= cut[depth])
                {
                    top[depth] = cut[depth] == 0 ? double.NaN : (sum + gamma[position] * (cut[depth] - rows)) / cut[depth];
                    depth++;
                }
                rows += weight;
                sum += weight * gamma[position];
            }
            area += (rows - lastRows) * (sum + lastSum) / 2;
            (lastRows, lastSum) = (rows, sum);
        }
        var absolute = (area - n * sum / 2) / ((double)n * n);
        return new UpliftMetrics(double.NaN, double.NaN, absolute, absolute, top[0], top[1], top[2], sum / n);
    }
}
