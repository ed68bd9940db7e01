using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Uplift.Explanation;

/// <summary>A cut: bins up to <see cref="Bin"/> are one side. P-value of its |t| as the best of everything tried.</summary>
internal readonly record struct SegmentCut(int Feature, int Bin, double PValue, double T);

/// <summary>The best cut of a set of rows, from histograms of count, ΣΓ and ΣΓ².</summary>
internal sealed class SegmentCutSearch(double[] scores, BinnedFeatures bins, int least, double designEffect, int threads)
{
    public SegmentCut? Best(int[] rows, CancellationToken token)
    {
        if (rows.Length < 2 * least) return null;
        var mean = rows.Average(row => scores[row]);
        var best = new SegmentCut?[bins.Width];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = token };
        Parallel.For(0, bins.Width, options, feature => best[feature] = BestOf(rows, feature, mean));
        var tried = best.Count(cut => cut is not null);
        SegmentCut? first = null;
        foreach (var cut in best)
            if (cut is { } found && (first is null || found.PValue < first.Value.PValue || (found.PValue == first.Value.PValue && found.T > first.Value.T))) first = found;
        return first is { } chosen ? chosen with { PValue = Math.Min(1, chosen.PValue * tried) } : null;
    }

    /// <summary>How many times the variance of a mean grows because customers have several rows: clustered over plain, at least 1.</summary>
    public static double DesignEffect(double[] scores, int[] rows, int[] customers)
    {
        if (rows.Length < 2) return 1;
        double mean = rows.Average(row => scores[row]), plain = 0, clustered = 0, sum = 0;
        foreach (var row in rows) plain += (scores[row] - mean) * (scores[row] - mean);
        int[] byCustomer = [.. rows];
        Array.Sort([.. rows.Select(row => customers[row])], byCustomer);
        for (var i = 0; i < byCustomer.Length; i++)
        {
            sum += scores[byCustomer[i]] - mean;
            if (i + 1 < byCustomer.Length && customers[byCustomer[i + 1]] == customers[byCustomer[i]]) continue;
            clustered += sum * sum;
            sum = 0;
        }
        return plain > 0 ? Math.Max(1, clustered / plain) : 1;
    }

    private SegmentCut? BestOf(int[] rows, int feature, double mean)
    {
        var width = bins.Bins(feature);
        var column = bins.Column(feature);
        double[] sums = new double[width], squares = new double[width];
        var counts = new int[width];
        double allSum = 0, allSquares = 0;
        foreach (var row in rows)
        {
            var score = scores[row] - mean;
            int bin = column[row];
            counts[bin]++;
            sums[bin] += score;
            squares[bin] += score * score;
            allSum += score;
            allSquares += score * score;
        }
        double sum = 0, square = 0, bestT = -1;
        int count = 0, cuts = 0, bestBin = -1, smallest = rows.Length;
        for (var bin = 0; bin < width - 1; bin++)
        {
            if (counts[bin] == 0) continue;
            (count, sum, square) = (count + counts[bin], sum + sums[bin], square + squares[bin]);
            var rest = rows.Length - count;
            if (count < least || rest < least) continue;
            cuts++;
            smallest = Math.Min(smallest, Math.Min(count, rest));
            var t = Welch(count, sum, square, rest, allSum - sum, allSquares - square) / Math.Sqrt(designEffect);
            if (t > bestT) (bestT, bestBin) = (t, bin);
        }
        return bestBin < 0 ? null : new SegmentCut(feature, bestBin, MaximallySelected.PValue(bestT, cuts, smallest / (double)rows.Length), bestT);
    }

    private static double Welch(double n, double sum, double squares, double m, double otherSum, double otherSquares)
    {
        double mean = sum / n, other = otherSum / m;
        var variance = Math.Max(0, squares / n - mean * mean) / (n - 1) + Math.Max(0, otherSquares / m - other * other) / (m - 1);
        return variance > 0 ? Math.Abs(mean - other) / Math.Sqrt(variance) : 0;
    }
}
