using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>What the leaves a row falls into say: τ̂ = (mean t̃ỹ − mean t̃ · mean ỹ) / (mean t̃² − (mean t̃)²), all means weighted by the forest; μ̂0 = mean y − mean t · τ̂.</summary>
internal readonly record struct ForestEstimate(double Effect, double Control)
{
    /// <summary>Adds a leaf's means; the last slot counts leaves.</summary>
    public static void Add(float[] leaves, int leaf, Span<double> sums)
    {
        ReadOnlySpan<float> means = leaves.AsSpan(leaf * LeafMeans.Count, LeafMeans.Count);
        if (float.IsNaN(means[0])) return;
        for (var k = 0; k < means.Length; k++) sums[k] += means[k];
        sums[LeafMeans.Count]++;
    }

    public static ForestEstimate Of(ReadOnlySpan<double> sums)
    {
        var n = sums[LeafMeans.Count];
        if (n == 0) return new ForestEstimate(0, 0);
        double y = sums[LeafMeans.Y] / n, t = sums[LeafMeans.T] / n, spread = sums[LeafMeans.TT] / n - t * t;
        // One arm only (a handful of rows): nothing is known, so nothing is claimed.
        var effect = spread > 1e-9 ? (sums[LeafMeans.TY] / n - t * y) / spread : 0;
        return new ForestEstimate(effect, sums[LeafMeans.Outcome] / n - sums[LeafMeans.Arm] / n * effect);
    }

    /// <summary>τ̂ and its variance from one leaf a tree (−1: the tree has no say). NaN when no tree has one.</summary>
    public static (double Effect, double Variance) WithVariance(float[] leaves, ReadOnlySpan<int> leafOfTree, int bagSize)
    {
        Span<double> sums = stackalloc double[LeafMeans.Count + 1];
        sums.Clear();
        foreach (var leaf in leafOfTree)
            if (leaf >= 0) Add(leaves, leaf, sums);
        var n = sums[LeafMeans.Count];
        if (n == 0) return (double.NaN, double.NaN);
        double effect = Of(sums).Effect, y = sums[LeafMeans.Y] / n, t = sums[LeafMeans.T] / n, spread = sums[LeafMeans.TT] / n - t * t, intercept = y - t * effect;
        if (bagSize < 2 || !(spread > 1e-9)) return (effect, double.NaN);
        double between = 0, total = 0;
        var bags = 0;
        for (var from = 0; from < leafOfTree.Length; from += bagSize)
        {
            double sum = 0;
            var whole = true;
            double squares = 0;
            foreach (var leaf in leafOfTree.Slice(from, bagSize))
            {
                if (leaf < 0 || float.IsNaN(leaves[leaf * LeafMeans.Count])) whole = false;
                if (!whole) break;
                ReadOnlySpan<float> means = leaves.AsSpan(leaf * LeafMeans.Count, LeafMeans.Count);
                var arm = means[LeafMeans.TY] - effect * means[LeafMeans.TT] - intercept * means[LeafMeans.T];
                var level = means[LeafMeans.Y] - effect * means[LeafMeans.T] - intercept;
                var influence = (arm - t * level) / spread;
                sum += influence;
                squares += influence * influence;
            }
            if (!whole) continue;
            bags++;
            between += sum / bagSize * (sum / bagSize);
            total += squares / bagSize;
        }
        return (effect, bags < 2 ? double.NaN : Positive(between / bags, (total - between) / bags / (bagSize - 1), bags));
    }

    // between − noise may fall below 0 by chance; the mean of a normal around it, cut off at 0, never does.
    private static double Positive(double between, double noise, int bags)
    {
        double estimate = between - noise, error = Math.Max(between, noise) * Math.Sqrt(2.0 / bags);
        if (error == 0) return 0;
        var ratio = estimate / error;
        // Far below 0 the normal's tail is exponential with rate |ratio|.
        return ratio < -8 ? error / -ratio : estimate + error * Normal.Pdf(ratio) / Normal.Cdf(ratio);
    }
}
