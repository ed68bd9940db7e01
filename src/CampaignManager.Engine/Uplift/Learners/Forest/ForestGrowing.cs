using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>Grows a whole forest, trees in parallel; each tree has its own stream of random numbers, so threads do not matter.</summary>
internal static class ForestGrowing
{
    public static GrownTree[] Grow(ForestData data, ForestOptions options, FitContext context)
    {
        var trees = new GrownTree[options.Bags * options.BagSize];
        var random = new SeededRandom(context.Seed);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Threads), CancellationToken = context.Token };
        Parallel.For(0, trees.Length, parallel, () => new HonestTreeGrower(data, options), (tree, _, grower) =>
        {
            trees[tree] = grower.Grow(HalfSample.BagSeed(context.Seed, tree / options.BagSize), random.Fork((ulong)tree));
            return grower;
        }, _ => { });
        return trees;
    }
}
