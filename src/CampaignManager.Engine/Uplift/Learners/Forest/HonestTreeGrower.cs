using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>
/// Grows honest trees (Wager &amp; Athey 2018, procedure 1): one half of a tree's rows chooses the splits, the other fills the leaves.
/// One a thread: its buffers are reused from tree to tree, and nothing is allocated at a node.
/// </summary>
internal sealed class HonestTreeGrower(ForestData data, ForestOptions options)
{
    private readonly LocalRows _local = new(data);
    private readonly SplitFinder _finder = new(options, data.Causal);
    private readonly int[] _features = [.. data.Splittable];
    private readonly Stack<(int Node, int From, int To, int EstimateFrom, int EstimateTo)> _open = new();
    private readonly List<int> _nodeFeatures = [], _children = [];
    private readonly List<float> _thresholds = [], _leaves = [];
    private int[] _split = [], _estimate = [], _temporary = [];

    public GrownTree Grow(ulong bagSeed, SeededRandom random)
    {
        var (splitting, estimating) = Draw(bagSeed, random);
        _local.Load(_split.AsSpan(0, splitting));
        for (int i = 0; i < splitting; i++) _split[i] = i;
        data.Splittable.CopyTo(_features, 0);
        _nodeFeatures.Clear();
        _children.Clear();
        _thresholds.Clear();
        _leaves.Clear();
        AddNode();
        _open.Push((0, 0, splitting, 0, estimating));
        while (_open.TryPop(out var node)) Settle(node, random);
        return new GrownTree([.. _nodeFeatures], [.. _thresholds], [.. _children], [.. _leaves]);
    }

    private void Settle((int Node, int From, int To, int EstimateFrom, int EstimateTo) node, SeededRandom random)
    {
        Span<int> rows = _split.AsSpan(node.From, node.To - node.From), estimating = _estimate.AsSpan(node.EstimateFrom, node.EstimateTo - node.EstimateFrom);
        Split split = rows.Length < 2 * options.MinLeaf ? new Split(-1, 0, 0) : _finder.Best(rows, _local, DrawFeatures(random));
        int estimateLeft = split.Feature < 0 ? 0 : PartitionEstimates(estimating, split);
        if (split.Feature < 0 || !Enough(estimating[..estimateLeft]) || !Enough(estimating[estimateLeft..]))
        {
            _children[node.Node] = _leaves.Count / LeafMeans.Count;
            Span<float> leaf = stackalloc float[LeafMeans.Count];
            LeafMeans.Write(data, estimating, leaf);
            _leaves.AddRange(leaf);
            return;
        }
        int left = node.From + PartitionLocal(rows, split), child = _nodeFeatures.Count;
        _nodeFeatures[node.Node] = split.Feature;
        _thresholds[node.Node] = data.Bins.Cuts(split.Feature)[split.Bin];
        _children[node.Node] = child;
        AddNode();
        AddNode();
        _open.Push((child + 1, left, node.To, node.EstimateFrom + estimateLeft, node.EstimateTo));
        _open.Push((child, node.From, left, node.EstimateFrom, node.EstimateFrom + estimateLeft));
    }

    private void AddNode()
    {
        _nodeFeatures.Add(-1);
        _children.Add(0);
        _thresholds.Add(0);
    }

    // The bag's half-sample, thinned to the tree's share, each row to one of the halves: two independent bits and a number a row.
    private (int Splitting, int Estimating) Draw(ulong bagSeed, SeededRandom random)
    {
        int n = data.Rows.Length;
        double keep = Math.Min(2 * options.SampleShare, options.MostRowsPerTree / (n / 2.0));
        int expected = (int)(n / 4.0 * Math.Min(1, keep)), room = Math.Min(n, expected + 8 * (int)Math.Sqrt(expected) + 64);
        if (_split.Length < room) (_split, _estimate, _temporary) = (new int[room], new int[room], new int[room]);
        ulong limit = keep >= 1 ? ulong.MaxValue : (ulong)(keep * Math.ScaleB(1, 63)) << 1;
        int splitting = 0, estimating = 0;
        for (int block = 0; block <= (n - 1) >> 6; block++)
        {
            ulong inside = HalfSample.Block(bagSeed, block), half = random.NextUInt64();
            for (int bit = 0, p = block << 6; bit < 64 && p < n; bit++, p++)
            {
                if ((inside >> bit & 1) == 0 || (keep < 1 && random.NextUInt64() >= limit)) continue;
                // A half that is full (8 standard deviations above its size) takes no more.
                if ((half >> bit & 1) == 0) splitting += Put(_split, splitting, p);
                else estimating += Put(_estimate, estimating, p);
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
        int tried = Math.Min(options.FeaturesTried, _features.Length);
        if (tried == _features.Length) return _features;
        for (int i = 0; i < tried; i++)
        {
            int j = i + random.NextInt(_features.Length - i);
            (_features[i], _features[j]) = (_features[j], _features[i]);
        }
        return _features.AsSpan(0, tried);
    }

    private bool Enough(ReadOnlySpan<int> positions)
    {
        if (!data.Causal) return positions.Length >= 1;
        int treated = 0, control = 0;
        foreach (int p in positions)
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
        ref byte column = ref _local.Column(split.Feature);
        int left = 0, right = 0;
        foreach (int i in rows)
        {
            bool goesLeft = System.Runtime.CompilerServices.Unsafe.Add(ref column, i) <= split.Bin;
            rows[left] = i;
            _temporary[right] = i;
            left += goesLeft ? 1 : 0;
            right += goesLeft ? 0 : 1;
        }
        _temporary.AsSpan(0, right).CopyTo(rows[left..]);
        return left;
    }

    private int PartitionEstimates(Span<int> positions, Split split)
    {
        byte[] column = data.Bins.Column(split.Feature);
        int left = 0, right = 0;
        foreach (int p in positions)
        {
            bool goesLeft = column[data.Rows[p]] <= split.Bin;
            positions[left] = p;
            _temporary[right] = p;
            left += goesLeft ? 1 : 0;
            right += goesLeft ? 0 : 1;
        }
        _temporary.AsSpan(0, right).CopyTo(positions[left..]);
        return left;
    }
}
