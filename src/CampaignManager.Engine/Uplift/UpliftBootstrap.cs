using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>Percentile bootstrap of the metrics, rows drawn with replacement within each arm. The set is sorted once; a draw only changes weights.</summary>
public static class UpliftBootstrap
{
    /// <summary>Draws taken when nothing else is said.</summary>
    public const int DefaultDraws = 200;

    /// <summary>Every metric with its interval. Same seed, same interval.</summary>
    /// <param name="ranking">The sorted test set.</param>
    /// <param name="draws">Bootstrap draws.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="level">Coverage.</param>
    /// <param name="token">Ends the work early.</param>
    public static UpliftMetricIntervals Intervals(UpliftRanking ranking, int draws = DefaultDraws, ulong seed = 20_080_320, double level = 0.95, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        var treated = new List<int>();
        var control = new List<int>();
        for (var i = 0; i < ranking.Count; i++) (ranking.TreatedInOrder[i] ? treated : control).Add(i);
        int[][] strata = [[.. treated], [.. control]];
        var random = new SeededRandom(seed);
        var weights = new int[ranking.Count];
        var results = new UpliftMetrics[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            token.ThrowIfCancellationRequested();
            Array.Clear(weights);
            foreach (var stratum in strata)
                for (var i = 0; i < stratum.Length; i++) weights[stratum[random.NextInt(stratum.Length)]]++;
            results[draw] = ranking.Metrics(weights);
        }
        return Percentiles(ranking.Metrics(), results, level);
    }

    /// <summary>Point estimates with the percentiles of their draws.</summary>
    internal static UpliftMetricIntervals Percentiles(UpliftMetrics point, UpliftMetrics[] draws, double level)
    {
        Estimate Of(Func<UpliftMetrics, double> metric)
        {
            double[] values = [.. draws.Select(metric)];
            return new Estimate(metric(point), Sample.Quantile(values, (1 - level) / 2), Sample.Quantile(values, (1 + level) / 2));
        }
        return new UpliftMetricIntervals(Of(m => m.Qini), Of(m => m.Auuc), Of(m => m.QiniAbs), Of(m => m.AuucAbs), Of(m => m.U10), Of(m => m.U20), Of(m => m.U30), Of(m => m.Ate));
    }
}
