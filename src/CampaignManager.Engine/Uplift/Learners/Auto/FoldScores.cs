using System.Numerics.Tensors;

namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>Out-of-fold predictions of all candidates in all splits, and how each goes with Γ. A split is one fold of one repeat.</summary>
internal sealed class FoldScores(int candidates)
{
    private const double LeastSpread = 0.02;

    private readonly List<Split> splits = [];

    public int Count => splits.Count;

    public IReadOnlyList<Split> All => splits;

    /// <param name="repeat">Which drawing of the folds.</param>
    /// <param name="rows">Held-out rows.</param>
    /// <param name="gamma">Γ of these rows.</param>
    /// <param name="effects">τ̂ by candidate and row.</param>
    public void Add(int repeat, int[] rows, double[] gamma, double[][] effects)
    {
        var n = rows.Length;
        var mean = gamma.Average();
        double[] noise = [.. gamma.Select(g => g - mean)];
        var scale = Math.Sqrt(Math.Max(1e-300, TensorPrimitives.SumOfSquares<double>(noise)));
        double[] variance = new double[candidates], byValue = new double[candidates], byRank = new double[candidates];
        var centred = new double[candidates][];
        for (var c = 0; c < candidates; c++)
        {
            var average = effects[c].Average();
            centred[c] = [.. effects[c].Select(t => t - average)];
            var squares = TensorPrimitives.SumOfSquares<double>(centred[c]);
            variance[c] = squares / n;
            if (!(squares > 1e-20 * n)) continue;
            byValue[c] = TensorPrimitives.Dot<double>(centred[c], noise) / (Math.Sqrt(squares) * scale);
            var ranks = Ranks(effects[c]);
            byRank[c] = TensorPrimitives.Dot<double>(ranks, noise) / (Math.Sqrt(Math.Max(1e-300, TensorPrimitives.SumOfSquares<double>(ranks))) * scale);
        }
        splits.Add(new Split(repeat, rows, centred, variance, byValue, byRank));
    }

    /// <summary>
    /// Spread of every candidate's τ̂, over the given splits: what τ̂ is divided by before it is averaged. One that tells almost nobody apart is not blown up to
    /// the size of the others.
    /// </summary>
    public double[] Spreads(IReadOnlyList<Split> splits)
    {
        double[] spreads = [.. Enumerable.Range(0, candidates).Select(c => Math.Sqrt(splits.Average(s => s.Variance[c])))];
        var least = Math.Max(1e-12, LeastSpread * spreads.Order().ElementAt(candidates / 2));
        return [.. spreads.Select(s => Math.Max(s, least))];
    }

    // Centred mid-ranks: tied rows share one.
    private static double[] Ranks(double[] values)
    {
        var n = values.Length;
        int[] order = [.. Enumerable.Range(0, n)];
        var keys = (double[])values.Clone();
        Array.Sort(keys, order);
        var ranks = new double[n];
        for (var from = 0; from < n;)
        {
            var to = from;
            while (to < n && keys[to] == keys[from]) to++;
            for (var k = from; k < to; k++) ranks[order[k]] = (from + to - 1) / 2.0 - (n - 1) / 2.0;
            from = to;
        }
        return ranks;
    }

    internal sealed record Split(int Repeat, int[] Rows, double[][] Centred, double[] Variance, double[] ByValue, double[] ByRank)
    {
        /// <summary>A candidate's merit in this split: half by DR-loss, half by the area under the uplift curve, both as correlations with Γ.</summary>
        public double Merit(int candidate) => (ByValue[candidate] + ByRank[candidate]) / 2;
    }
}
