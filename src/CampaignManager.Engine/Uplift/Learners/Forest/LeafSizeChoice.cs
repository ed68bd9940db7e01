namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>
/// Chooses the leaf size by out-of-bag R-loss, mean (ỹ − t̃·τ̂)² (Nie &amp; Wager 2021), of the forest's first trees. Most campaigns have small effects, so it starts
/// from large leaves and takes smaller ones only where they are better by more than a standard error of the paired difference.
/// </summary>
internal static class LeafSizeChoice
{
    private const int TrialTrees = 100, MostJudged = 100_000, Smallest = 5;

    // Shares of the splitting half: on the public data sets about 16 leaves a tree were best; strong effects want hundreds.
    private static readonly int[] LeavesATree = [16, 60, 250];

    /// <summary>The options with a leaf size, and the first trees of that forest.</summary>
    public static (ForestOptions Options, GrownTree[] Trees) Choose(ForestData data, FeatureMatrix x, ForestOptions options, FitContext context)
    {
        var features = data.Splittable.Length;
        var half = Math.Min(data.Rows.Length * options.SampleShare, options.MostRowsPerTree) / 2;
        int[] sizes = options.MinLeaf > 0 ? [options.MinLeaf] : [.. LeavesATree.Select(leaves => Math.Max(Smallest, (int)(half / leaves))).Distinct()];
        if (features == 0 || sizes.Length == 1) return ((options with { MinLeaf = sizes[0] }).Planned(features), []);
        var trial = Math.Min(options.Bags, (TrialTrees + options.BagSize - 1) / options.BagSize) * options.BagSize;
        var step = (data.Rows.Length + MostJudged - 1) / MostJudged;
        int[] positions = [.. Enumerable.Range(0, (data.Rows.Length + step - 1) / step).Select(i => i * step)];
        (ForestOptions Options, GrownTree[] Trees) best = default;
        double[] bestLoss = [];
        foreach (var size in sizes)
        {
            var plan = (options with { MinLeaf = size }).Planned(features);
            var trees = ForestGrowing.Grow(data, plan, context, [], trial);
            var loss = Losses(data, x, plan, context, trees, positions);
            if (bestLoss.Length == 0 || Better(bestLoss, loss)) (best, bestLoss) = ((plan, trees), loss);
        }
        return best;
    }

    private static double[] Losses(ForestData data, FeatureMatrix x, ForestOptions options, FitContext context, GrownTree[] trees, int[] positions)
    {
        double[] effect = new double[positions.Length], variance = new double[positions.Length];
        var heldOut = new HeldOut([.. Enumerable.Range(0, options.Bags).Select(bag => HalfSample.BagSeed(context.Seed, bag))], positions);
        CausalForestModel.Of(trees, false, options.BagSize).Estimate(x, [.. positions.Select(p => data.Rows[p])], heldOut, effect, variance, context.Threads, context.Token);
        for (var i = 0; i < effect.Length; i++)
        {
            var miss = data.OutcomeResidual[positions[i]] - data.ArmResidual![positions[i]] * effect[i];
            effect[i] = miss * miss;
        }
        return effect;
    }

    private static bool Better(double[] old, double[] fresh)
    {
        double sum = 0, squares = 0;
        var n = 0;
        for (var i = 0; i < old.Length; i++)
        {
            var gain = old[i] - fresh[i];
            // A row that every trial bag holds has no out-of-bag prediction.
            if (double.IsNaN(gain)) continue;
            n++;
            sum += gain;
            squares += gain * gain;
        }
        return n > 1 && sum > Math.Sqrt(Math.Max(0, squares - sum * sum / n));
    }
}
