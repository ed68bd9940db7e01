using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>All nodes of an ensemble side by side: a row walks through one array instead of five a tree.</summary>
internal sealed class FlatTrees
{
    private readonly Node[] nodes;
    private readonly double[] leaves;
    private readonly int[] roots;

    private FlatTrees(Node[] nodes, double[] leaves, int[] roots) => (this.nodes, this.leaves, this.roots) = (nodes, leaves, roots);

    public static FlatTrees Of(IReadOnlyList<Tree> trees)
    {
        var nodes = new List<Node>();
        var leaves = new List<double>();
        var roots = new int[trees.Count];
        for (var t = 0; t < trees.Count; t++)
        {
            var tree = trees[t];
            int node = nodes.Count, leaf = leaves.Count;
            int Place(int child) => child < 0 ? ~(leaf + ~child) : node + child;
            roots[t] = tree.Features.Length == 0 ? ~leaf : node;
            for (var k = 0; k < tree.Features.Length; k++) nodes.Add(new Node(tree.Features[k], tree.Thresholds[k], Place(tree.Left[k]), Place(tree.Right[k])));
            leaves.AddRange(tree.Leaves);
        }
        return new FlatTrees([.. nodes], [.. leaves], roots);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Sum(ReadOnlySpan<float> row)
    {
        double sum = 0;
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(this.nodes);
        foreach (var root in roots)
        {
            var at = root;
            while (at >= 0)
            {
                ref var node = ref Unsafe.Add(ref nodes, at);
                at = row[node.Feature] <= node.Threshold ? node.Left : node.Right;
            }
            sum += leaves[~at];
        }
        return sum;
    }

    private readonly record struct Node(int Feature, float Threshold, int Left, int Right);
}
