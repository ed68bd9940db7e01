using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>
/// Grows honest trees (Wager &amp; Athey 2018, procedure 1): one half of a tree's rows chooses the splits, the other fills the leaves.
/// One a thread: its buffers are reused from tree to tree, and nothing is allocated at a node.
/// </summary>
internal sealed class HonestTreeGrower(ForestData data, ForestOptions options)
{
    private readonly LocalRows local = new(data);
    private readonly SplitFinder finder = new(options, data.Causal);
    private readonly int[] features = [.. data.Splittable];
    private readonly Stack<(int Node, int From, int To, int EstimateFrom, int EstimateTo)> open = new();
    private readonly List<int> nodeFeatures = [], children = [];
    private readonly List<float> thresholds = [], leaves = [];
    private int[] split = [], estimate = [], temporary = [];

    public GrownTree Grow(ulong bagSeed, SeededRandom random)
    {
        var (splitting, estimating) = Draw(bagSeed, random);
        local.Load(split.AsSpan(0, splitting));
        for (var i = 0; i < splitting; i++) split[i] = i;
        data.Splittable.CopyTo(features, 0);
        nodeFeatures.Clear();
        children.Clear();
        thresholds.Clear();
        leaves.Clear();
        AddNode();
        open.Push((0, 0, splitting, 0, estimating));
        while (open.TryPop(out var node)) Settle(node, random);
        return new GrownTree([.. nodeFeatures], [.. thresholds], [.. children], [.. leaves]);
    }

    private void Settle((int Node, int From, int To, int EstimateFrom, int EstimateTo) node, SeededRandom random)
    {
        Span<int> rows = this.split.AsSpan(node.From, node.To - node.From), estimating = estimate.AsSpan(node.EstimateFrom, node.EstimateTo - node.EstimateFrom);
        var split = rows.Length < 2 * options.MinLeaf ? new Split(-1, 0, 0) : finder.Best(rows, local, DrawFeatures(random));
        var estimateLeft = split.Feature < 0 ? 0 : PartitionEstimates(estimating, split);
        if (split.Feature < 0 || !Enough(estimating[..estimateLeft]) || !Enough(estimating[estimateLeft..]))
        {
            children[node.Node] = leaves.Count / LeafMeans.Count;
            Span<float> leaf = stackalloc float[LeafMeans.Count];
            LeafMeans.Write(data, estimating, leaf);
            leaves.AddRange(leaf);
            return;
        }
        int left = node.From + PartitionLocal(rows, split), child = nodeFeatures.Count;
        nodeFeatures[node.Node] = split.Feature;
        thresholds[node.Node] = data.Bins.Cuts(split.Feature)[split.Bin];
        children[node.Node] = child;
        AddNode();
        AddNode();
        open.Push((child + 1, left, node.To, node.EstimateFrom + estimateLeft, node.EstimateTo));
        open.Push((child, node.From, left, node.EstimateFrom, node.EstimateFrom + estimateLeft));
    }

    private void AddNode()
    {
        nodeFeatures.Add(-1);
        children.Add(0);
        thresholds.Add(0);
    }

    // The bag's half-sample, thinned to the tree's share, each row to one of the halves: two independent bits and a number a row.
    private (int Splitting, int Estimating) Draw(ulong bagSeed, SeededRandom random)
    {
        var n = data.Rows.Length;
        var keep = Math.Min(2 * options.SampleShare, options.MostRowsPerTree / (n / 2.0));
        int expected = (int)(n / 4.0 * Math.Min(1, keep)), room = Math.Min(n, expected + 8 * (int)Math.Sqrt(expected) + 64);
        if (split.Length < room) (split, estimate, temporary) = (new int[room], new int[room], new int[room]);
        var limit = keep >= 1 ? ulong.MaxValue : (ulong)(keep * Math.ScaleB(1, 63)) << 1;
        int splitting = 0, estimating = 0;
        for (var block = 0; block <= (n - 1) >> 6; block++)
        {
            ulong inside = HalfSample.Block(bagSeed, block), half = random.NextUInt64();
            for (int bit = 0, p = block << 6; bit < 64 && p < n; bit++, p++)
            {
                if ((inside >> bit & 1) == 0 || (keep < 1 && random.NextUInt64() >= limit)) continue;
                // A half that is full (8 standard deviations above its size) takes no more.
                if ((half >> bit & 1) == 0) splitting += Put(split, splitting, p);
                else estimating += Put(estimate, estimating, p);
            }
        }
        return (splitting, estimating);
    }

    private static int Put(int[] rows, int count, int position)
    {
        if (count == rows.Length) return 0;
        rows[count] = position;
        return 1;
    }

    private ReadOnlySpan<int> DrawFeatures(SeededRandom random)
    {
        var tried = Math.Min(options.FeaturesTried, features.Length);
        if (tried == features.Length) return features;
        for (var i = 0; i < tried; i++)
        {
            var j = i + random.NextInt(features.Length - i);
            (features[i], features[j]) = (features[j], features[i]);
        }
        return features.AsSpan(0, tried);
    }

    private bool Enough(ReadOnlySpan<int> positions)
    {
        if (!data.Causal) return positions.Length >= 1;
        int treated = 0, control = 0;
        foreach (var p in positions)
        {
            if (data.Treated![p]) treated++;
            else control++;
            if (treated >= options.MinArm && control >= options.MinArm) return true;
        }
        return false;
    }

    // Both partitions keep the order, so that rows of deep nodes still lie in ascending order in memory.
    private int PartitionLocal(Span<int> rows, Split split)
    {
        ref var column = ref local.Column(split.Feature);
        int left = 0, right = 0;
        foreach (var i in rows)
        {
            var goesLeft = System.Runtime.CompilerServices.Unsafe.Add(ref column, i) <= split.Bin;
            rows[left] = i;
            temporary[right] = i;
            left += goesLeft ? 1 : 0;
            right += goesLeft ? 0 : 1;
        }
        temporary.AsSpan(0, right).CopyTo(rows[left..]);
        return left;
    }

    private int PartitionEstimates(Span<int> positions, Split split)
    {
        var column = data.Bins.Column(split.Feature);
        int left = 0, right = 0;
        foreach (var p in positions)
        {
            var goesLeft = column[data.Rows[p]] <= split.Bin;
            positions[left] = p;
            temporary[right] = p;
            left += goesLeft ? 1 : 0;
            right += goesLeft ? 0 : 1;
        }
        temporary.AsSpan(0, right).CopyTo(positions[left..]);
        return left;
    }
}
