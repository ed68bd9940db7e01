using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Uplift.Explanation;

/// <summary>A leaf while the tree grows.</summary>
internal sealed record SegmentLeaf(int[] Discovering, int[] Estimating, int Depth, IReadOnlyList<SegmentCondition> Conditions, int Parent, bool Left);

/// <summary>Best-first growth: of all leaves the one with the most significant cut is split next.</summary>
internal sealed class SegmentGrowth(double[] scores, BinnedFeatures bins, int[] customers, SegmentTreeOptions options, int threads)
{
    private readonly List<int> feature = [], left = [], right = [];
    private readonly List<float> threshold = [];

    public List<SegmentLeaf> Leaves { get; } = [];

    public SegmentGrowth Grow(int[] discovering, int[] estimating, CancellationToken token)
    {
        var least = Math.Max(options.LeastRows, (int)Math.Ceiling(options.LeastShare * discovering.Length));
        var search = new SegmentCutSearch(scores, bins, least, SegmentCutSearch.DesignEffect(scores, discovering, customers), threads);
        Leaves.Add(new SegmentLeaf(discovering, estimating, 0, [], -1, false));
        var cuts = new List<SegmentCut?> { Significant(search, Leaves[0], token) };
        while (Leaves.Count < options.MostSegments)
        {
            var at = -1;
            for (var k = 0; k < cuts.Count; k++)
                if (cuts[k] is { } cut && (at < 0 || cut.PValue < cuts[at]!.Value.PValue)) at = k;
            if (at < 0) break;
            (var left, var right) = Split(Leaves[at], cuts[at]!.Value);
            if (Math.Min(left.Estimating.Length, right.Estimating.Length) < least / 2)
            {
                cuts[at] = null;
                continue;
            }
            Adopt(Leaves[at], cuts[at]!.Value);
            (Leaves[at], cuts[at]) = (left, Significant(search, left, token));
            Leaves.Add(right);
            cuts.Add(Significant(search, right, token));
        }
        return this;
    }

    /// <summary>The tree with leaf k = place of the leaf in the given order.</summary>
    public ExplainedTree Tree(int[] order, double[] values)
    {
        int[] left = [.. this.left], right = [.. this.right], place = new int[order.Length];
        for (var k = 0; k < order.Length; k++) place[order[k]] = k;
        var cover = new double[feature.Count + order.Length];
        for (var k = 0; k < Leaves.Count; k++)
        {
            cover[feature.Count + place[k]] = Leaves[k].Estimating.Length;
            if (Leaves[k].Parent >= 0) (Leaves[k].Left ? left : right)[Leaves[k].Parent] = ~place[k];
        }
        // A node is made after its parent, so backwards every child is summed before its parent.
        double At(int child) => child >= 0 ? cover[child] : cover[feature.Count + ~child];
        for (var node = feature.Count - 1; node >= 0; node--) cover[node] = At(left[node]) + At(right[node]);
        return new ExplainedTree([.. feature], [.. threshold], left, right, values, cover);
    }

    private SegmentCut? Significant(SegmentCutSearch search, SegmentLeaf leaf, CancellationToken token)
    {
        if (leaf.Depth >= options.MostDepth) return null;
        var cut = search.Best(leaf.Discovering, token);
        return cut?.PValue < options.FalseSplits / (1 << leaf.Depth) ? cut : null;
    }

    private (SegmentLeaf Left, SegmentLeaf Right) Split(SegmentLeaf leaf, SegmentCut cut)
    {
        var column = bins.Column(cut.Feature);
        var threshold = bins.Cuts(cut.Feature)[cut.Bin];
        var node = feature.Count;
        SegmentLeaf Side(bool above) => new(
            [.. leaf.Discovering.Where(row => column[row] > cut.Bin == above)], [.. leaf.Estimating.Where(row => column[row] > cut.Bin == above)],
            leaf.Depth + 1, Merge(leaf.Conditions, new SegmentCondition(cut.Feature, above, threshold)), node, !above);
        return (Side(false), Side(true));
    }

    private void Adopt(SegmentLeaf leaf, SegmentCut cut)
    {
        var node = feature.Count;
        if (leaf.Parent >= 0) (leaf.Left ? left : right)[leaf.Parent] = node;
        feature.Add(cut.Feature);
        threshold.Add(bins.Cuts(cut.Feature)[cut.Bin]);
        left.Add(-1);
        right.Add(-1);
    }

    // A deeper cut of the same kind on the same feature is always the tighter one.
    private static SegmentCondition[] Merge(IReadOnlyList<SegmentCondition> conditions, SegmentCondition added) =>
        [.. conditions.Where(c => c.Feature != added.Feature || c.Above != added.Above).Append(added).OrderBy(c => c.Feature).ThenBy(c => !c.Above)];
}
