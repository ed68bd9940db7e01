using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Uplift.Explanation;

/// <summary>
/// Exact Shapley values of tree ensembles (Lundberg et al. 2020, algorithm 2, path-dependent): a feature's contribution averaged over all orders
/// in which features become known, unknown ones followed down both sides by cover. Contributions of a row and the expected value add up to its prediction.
/// </summary>
public static class TreeShap
{
    private const int Chunk = 128;

    /// <summary>Contributions per row and feature, row after row, in the unit of the leaves; the sum of all trees.</summary>
    /// <param name="trees">Trees with covers; predictions are the sum of their leaves.</param>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Rows to explain.</param>
    /// <param name="threads">Threads; the answer does not depend on them.</param>
    /// <param name="token">Ends the work early.</param>
    /// <exception cref="ArgumentException">A tree's cover has not been counted.</exception>
    public static double[][] Explain(IReadOnlyList<ExplainedTree> trees, FeatureMatrix x, int[] rows, int threads = 1, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(trees);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(rows);
        var deepest = 0;
        foreach (var tree in trees)
        {
            if (tree.Cover.Length != tree.Feature.Length + tree.Value.Length) throw new ArgumentException("Count the cover of every tree first.", nameof(trees));
            deepest = Math.Max(deepest, Depth(tree));
        }
        var contributions = new double[rows.Length][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = token };
        Parallel.For(0, (rows.Length + Chunk - 1) / Chunk, options, () => new TreeShapWalk(deepest), (chunk, _, walk) =>
        {
            for (var i = chunk * Chunk; i < Math.Min(rows.Length, (chunk + 1) * Chunk); i++)
            {
                contributions[i] = new double[x.Width];
                foreach (var tree in trees) walk.Add(tree, x.Row(rows[i]), contributions[i]);
            }
            return walk;
        }, _ => { });
        return contributions;
    }

    private static int Depth(ExplainedTree tree)
    {
        var depth = new int[tree.Feature.Length];
        var open = new Stack<(int Node, int Depth)>();
        if (depth.Length > 0) open.Push((0, 1));
        var deepest = 0;
        while (open.TryPop(out var at))
        {
            deepest = Math.Max(deepest, at.Depth);
            if (tree.Left[at.Node] >= 0) open.Push((tree.Left[at.Node], at.Depth + 1));
            if (tree.Right[at.Node] >= 0) open.Push((tree.Right[at.Node], at.Depth + 1));
        }
        return deepest;
    }
}
