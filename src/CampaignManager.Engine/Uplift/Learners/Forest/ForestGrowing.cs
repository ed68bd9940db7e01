using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>Grows a whole forest, trees in parallel; each tree has its own stream of random numbers, so threads do not matter.</summary>
internal static class ForestGrowing
{
    /// <summary>All trees of the forest.</summary>
    public static GrownTree[] Grow(ForestData data, ForestOptions options, FitContext context) => Grow(data, options, context, [], options.Bags * options.BagSize);

    /// <summary>Its first <paramref name="count"/> trees, of which some may have been grown already.</summary>
    public static GrownTree[] Grow(ForestData data, ForestOptions options, FitContext context, GrownTree[] grown, int count)
    {
        var trees = new GrownTree[count];
        grown.CopyTo(trees, 0);
        var random = new SeededRandom(context.Seed);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Threads), CancellationToken = context.Token };
        Parallel.For(grown.Length, count, parallel, () => new HonestTreeGrower(data, options), (tree, _, grower) =>
        {
            trees[tree] = grower.Grow(HalfSample.BagSeed(context.Seed, tree / options.BagSize), random.Fork((ulong)tree));
            return grower;
        }, _ => { });
        return trees;
    }
}
