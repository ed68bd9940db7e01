using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>
/// Grows one regression tree at a time, best leaf first, from gradients and curvatures (Chen &amp; Guestrin 2016) by histograms of binned features
/// (Ke et al. 2017). Buffers are kept from tree to tree.
/// </summary>
internal sealed class TreeGrower
{
    private const int ParallelWork = 200_000;

    private readonly BinnedFeatures _bins;
    private readonly BoostingSettings _settings;
    private readonly PackedRows _rows;
    private readonly int _threads;
    private readonly int _stride;
    private readonly long[][] _histograms;
    private int[] _features = [];
    private readonly Node[] _leaves;

    public TreeGrower(BinnedFeatures bins, BoostingSettings settings, PackedRows rows, int threads)
    {
        _bins = bins;
        _settings = settings;
        _rows = rows;
        _threads = Math.Max(1, threads);
        for (int j = 0; j < bins.Width; j++) _stride = Math.Max(_stride, bins.Bins(j));
        _leaves = new Node[Math.Max(1, settings.Leaves)];
        _histograms = new long[_leaves.Length][];
    }

    /// <summary>Grows a tree on the rows that were drawn.</summary>
    /// <param name="smallestCurvature">What each side of a split must hold.</param>
    /// <param name="penalty">λ added to a leaf's curvature.</param>
    /// <param name="random">Draws the features.</param>
    /// <returns>The tree, its leaves −rate · G / (H + λ).</returns>
    public Tree Grow(double smallestCurvature, double penalty, SeededRandom random)
    {
        DrawFeatures(random);
        int count = 1;
        _leaves[0] = new Node(0, _rows.Count, -1, false, _rows.Total);
        _histograms[0] ??= new long[_bins.Width * _stride];
        Fill(_histograms[0], 0, _rows.Count);
        FindSplit(0, smallestCurvature, penalty);

        var nodes = new List<(int Feature, float Threshold, int Left, int Right)>();
        while (count < _settings.Leaves)
        {
            int best = -1;
            for (int l = 0; l < count; l++)
                if (_leaves[l].Gain > 0 && (best < 0 || _leaves[l].Gain > _leaves[best].Gain)) best = l;
            if (best < 0) break;
            Split(best, count, nodes, smallestCurvature, penalty, last: count + 1 == _settings.Leaves);
            count++;
        }

        double[] values = new double[count];
        for (int l = 0; l < count; l++)
        {
            (double g, double h) = _rows.Part(_leaves[l].Sum);
            values[l] = -_settings.Rate * g / (h + penalty);
        }
        return new Tree([.. nodes.Select(k => k.Feature)], [.. nodes.Select(k => k.Threshold)], [.. nodes.Select(k => k.Left)], [.. nodes.Select(k => k.Right)], values);
    }

    private void DrawFeatures(SeededRandom random)
    {
        if (_features.Length != _bins.Width) _features = new int[_bins.Width];
        for (int j = 0; j < _features.Length; j++) _features[j] = j;
        int take = Taken;
        if (take == _features.Length) return;
        for (int j = 0; j < take; j++)
        {
            int other = j + random.NextInt(_features.Length - j);
            (_features[j], _features[other]) = (_features[other], _features[j]);
        }
        Array.Sort(_features, 0, take);
    }

    private int Taken => Math.Clamp((int)Math.Ceiling(_settings.FeatureShare * _bins.Width), Math.Min(1, _bins.Width), _bins.Width);

    private void Fill(long[] histogram, int start, int end)
    {
        int taken = Taken;
        int threads = (long)(end - start) * taken < ParallelWork ? 1 : _threads;
        ForkJoin.For(taken, threads, k => FillOne(histogram, _features[k], start, end));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillOne(long[] histogram, int feature, int start, int end)
    {
        int bins = _bins.Bins(feature);
        Span<long> sums = histogram.AsSpan(feature * _stride, bins);
        ref byte column = ref MemoryMarshal.GetArrayDataReference(_bins.Column(feature));
        ref int index = ref MemoryMarshal.GetArrayDataReference(_rows.Index);
        ref long packed = ref MemoryMarshal.GetArrayDataReference(_rows.Packed);
        bool inOrder = _rows.InOrder;
        if (bins == 2)
        {
            long all = 0, upper = 0;
            for (int i = start; i < end; i++)
            {
                long value = Unsafe.Add(ref packed, i);
                all += value;
                upper += value & -(long)Unsafe.Add(ref column, inOrder ? i : Unsafe.Add(ref index, i));
            }
            (sums[0], sums[1]) = (all - upper, upper);
            return;
        }
        // Neighbours in turns into four histograms: rows of the same bin would else wait for each other's sum to be written.
        Span<long> lanes = stackalloc long[4 * 256];
        lanes[..(4 * bins)].Clear();
        ref long first = ref MemoryMarshal.GetReference(lanes), second = ref Unsafe.Add(ref first, bins), third = ref Unsafe.Add(ref second, bins), fourth = ref Unsafe.Add(ref third, bins);
        int at = start;
        if (inOrder)
            for (; at + 4 <= end; at += 4)
            {
                Unsafe.Add(ref first, Unsafe.Add(ref column, at)) += Unsafe.Add(ref packed, at);
                Unsafe.Add(ref second, Unsafe.Add(ref column, at + 1)) += Unsafe.Add(ref packed, at + 1);
                Unsafe.Add(ref third, Unsafe.Add(ref column, at + 2)) += Unsafe.Add(ref packed, at + 2);
                Unsafe.Add(ref fourth, Unsafe.Add(ref column, at + 3)) += Unsafe.Add(ref packed, at + 3);
            }
        else
            for (; at + 4 <= end; at += 4)
            {
                Unsafe.Add(ref first, Unsafe.Add(ref column, Unsafe.Add(ref index, at))) += Unsafe.Add(ref packed, at);
                Unsafe.Add(ref second, Unsafe.Add(ref column, Unsafe.Add(ref index, at + 1))) += Unsafe.Add(ref packed, at + 1);
                Unsafe.Add(ref third, Unsafe.Add(ref column, Unsafe.Add(ref index, at + 2))) += Unsafe.Add(ref packed, at + 2);
                Unsafe.Add(ref fourth, Unsafe.Add(ref column, Unsafe.Add(ref index, at + 3))) += Unsafe.Add(ref packed, at + 3);
            }
        for (; at < end; at++) Unsafe.Add(ref first, Unsafe.Add(ref column, inOrder ? at : Unsafe.Add(ref index, at))) += Unsafe.Add(ref packed, at);
        for (int b = 0; b < bins; b++) sums[b] = Unsafe.Add(ref first, b) + Unsafe.Add(ref second, b) + Unsafe.Add(ref third, b) + Unsafe.Add(ref fourth, b);
    }

    private void FindSplit(int leaf, double smallest, double penalty)
    {
        ref Node node = ref _leaves[leaf];
        (double g, double h) = _rows.Part(node.Sum);
        double parent = g * g / (h + penalty), best = 1e-12;
        long[] histogram = _histograms[leaf];
        for (int k = 0; k < Taken; k++)
        {
            int feature = _features[k];
            long left = 0;
            int bins = _bins.Bins(feature), at = feature * _stride;
            for (int b = 0; b + 1 < bins; b++)
            {
                left += histogram[at + b];
                (double gl, double hl) = _rows.Part(left);
                double gr = g - gl, hr = h - hl;
                if (hl < smallest) continue;
                if (hr < smallest) break;
                double gain = gl * gl / (hl + penalty) + gr * gr / (hr + penalty) - parent;
                if (gain > best)
                {
                    best = gain;
                    node = node with { Gain = gain, Feature = feature, Bin = b, LeftSum = left };
                }
            }
        }
    }

    private void Split(int leaf, int right, List<(int Feature, float Threshold, int Left, int Right)> nodes, double smallest, double penalty, bool last)
    {
        Node parent = _leaves[leaf];
        int number = nodes.Count;
        nodes.Add((parent.Feature, _bins.Cuts(parent.Feature)[parent.Bin], ~leaf, ~right));
        if (parent.Parent >= 0)
        {
            var above = nodes[parent.Parent];
            nodes[parent.Parent] = parent.IsRight ? above with { Right = number } : above with { Left = number };
        }
        // After the last split nobody asks for the leaves' rows any more, only for their sums.
        int middle = last ? parent.Start : _rows.Partition(parent.Start, parent.End, _bins.Column(parent.Feature), parent.Bin);
        _leaves[leaf] = new Node(parent.Start, middle, number, false, parent.LeftSum);
        _leaves[right] = new Node(middle, parent.End, number, true, parent.Sum - parent.LeftSum);
        if (last) return;

        // The smaller side is counted, the other is what remains of the parent.
        long[] whole = _histograms[leaf], counted = _histograms[right] ??= new long[_bins.Width * _stride];
        bool leftSmaller = middle - parent.Start <= parent.End - middle;
        if (leftSmaller) Fill(counted, parent.Start, middle);
        else Fill(counted, middle, parent.End);
        for (int k = 0; k < Taken; k++)
        {
            int at = _features[k] * _stride, bins = _bins.Bins(_features[k]);
            TensorPrimitives.Subtract(whole.AsSpan(at, bins), counted.AsSpan(at, bins), whole.AsSpan(at, bins));
        }
        if (leftSmaller) (_histograms[leaf], _histograms[right]) = (counted, whole);
        FindSplit(leaf, smallest, penalty);
        FindSplit(right, smallest, penalty);
    }

    private readonly record struct Node(int Start, int End, int Parent, bool IsRight, long Sum, double Gain = 0, int Feature = 0, int Bin = 0, long LeftSum = 0);
}
