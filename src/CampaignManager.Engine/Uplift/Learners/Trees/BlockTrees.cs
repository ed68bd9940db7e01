using System.Buffers;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>An ensemble as it is summed over blocks of rows, tree by tree: a block's features lie column by column in the cache, and small trees take no branch.</summary>
internal sealed class BlockTrees
{
    private const int Block = 256;

    private readonly int[] features;
    private readonly Entry[] trees;

    public BlockTrees(IReadOnlyList<Tree> trees)
    {
        features = [.. trees.Where(LeafMasks.Fits).SelectMany(t => t.Features).Distinct().Order()];
        this.trees = [.. trees.Select(t => LeafMasks.Fits(t)
            ? new Entry(new LeafMasks(t), [.. t.Features.Select(f => Array.BinarySearch(features, f))], [.. t.Leaves, .. new double[LeafMasks.MostLeaves - t.Leaves.Length]], null)
            : new Entry(default, [], [], t))];
    }

    /// <summary>Adds the trees' sum to what is there.</summary>
    public void Add(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> sums)
    {
        var columns = ArrayPool<float>.Shared.Rent(Math.Max(1, features.Length * Block));
        Span<int> masks = stackalloc int[Block];
        for (var from = 0; from < rows.Length; from += Block)
        {
            var count = Math.Min(Block, rows.Length - from);
            var some = rows.Slice(from, count);
            Load(x, some, columns);
            foreach (var entry in trees) Add(entry, x, some, columns, masks[..count], sums.Slice(from, count));
        }
        ArrayPool<float>.Shared.Return(columns);
    }

    private void Load(FeatureMatrix x, ReadOnlySpan<int> rows, float[] columns)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> row = x.Row(rows[i]);
            for (var k = 0; k < features.Length; k++) columns[k * Block + i] = row[features[k]];
        }
    }

    private static void Add(in Entry entry, FeatureMatrix x, ReadOnlySpan<int> rows, float[] columns, Span<int> masks, Span<double> sums)
    {
        if (entry.Large is { } tree)
        {
            for (var i = 0; i < rows.Length; i++) sums[i] += tree.Value(x.Row(rows[i]));
            return;
        }
        masks.Fill(-1);
        for (var k = 0; k < entry.Columns.Length; k++) entry.Masks.Apply(k, columns.AsSpan(entry.Columns[k] * Block, masks.Length), masks);
        var leaves = entry.Leaves;
        for (var i = 0; i < masks.Length; i++) sums[i] += leaves[LeafMasks.Leaf((byte)masks[i])];
    }

    private readonly record struct Entry(LeafMasks Masks, int[] Columns, double[] Leaves, Tree? Large);
}
