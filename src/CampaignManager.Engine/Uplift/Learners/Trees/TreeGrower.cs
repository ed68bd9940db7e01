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

    private readonly BinnedFeatures bins;
    private readonly BoostingSettings settings;
    private readonly PackedRows rows;
    private readonly int threads;
    private readonly int stride;
    private readonly long[][] histograms;
    private int[] features = [];
    private readonly Node[] leaves;

    public TreeGrower(BinnedFeatures bins, BoostingSettings settings, PackedRows rows, int threads)
    {
        this.bins = bins;
        this.settings = settings;
        this.rows = rows;
        this.threads = Math.Max(1, threads);
        for (var j = 0; j < bins.Width; j++) stride = Math.Max(stride, bins.Bins(j));
        leaves = new Node[Math.Max(1, settings.Leaves)];
        histograms = new long[leaves.Length][];
    }

    /// <summary>Grows a tree on the rows that were drawn.</summary>
    /// <param name="smallestCurvature">What each side of a split must hold.</param>
    /// <param name="penalty">λ added to a leaf's curvature.</param>
    /// <param name="random">Draws the features.</param>
    /// <returns>The tree, its leaves −rate · G / (H + λ).</returns>
    public Tree Grow(double smallestCurvature, double penalty, SeededRandom random)
    {
        DrawFeatures(random);
        var count = 1;
        leaves[0] = new Node(0, rows.Count, -1, false, rows.Total);
        histograms[0] ??= new long[bins.Width * stride];
        Fill(histograms[0], 0, rows.Count);
        FindSplit(0, smallestCurvature, penalty);

        var nodes = new List<(int Feature, float Threshold, int Left, int Right)>();
        while (count < settings.Leaves)
        {
            var best = -1;
            for (var l = 0; l < count; l++)
                if (leaves[l].Gain > 0 && (best < 0 || leaves[l].Gain > leaves[best].Gain)) best = l;
            if (best < 0) break;
            Split(best, count, nodes, smallestCurvature, penalty, last: count + 1 == settings.Leaves);
            count++;
        }

        var values = new double[count];
        for (var l = 0; l < count; l++)
        {
            (var g, var h) = rows.Part(leaves[l].Sum);
            values[l] = -settings.Rate * g / (h + penalty);
        }
        return new Tree([.. nodes.Select(k => k.Feature)], [.. nodes.Select(k => k.Threshold)], [.. nodes.Select(k => k.Left)], [.. nodes.Select(k => k.Right)], values);
    }

    private void DrawFeatures(SeededRandom random)
    {
        if (features.Length != bins.Width) features = new int[bins.Width];
        for (var j = 0; j < features.Length; j++) features[j] = j;
        var take = Taken;
        if (take == features.Length) return;
        for (var j = 0; j < take; j++)
        {
            var other = j + random.NextInt(features.Length - j);
            (features[j], features[other]) = (features[other], features[j]);
        }
        Array.Sort(features, 0, take);
    }

    private int Taken => Math.Clamp((int)Math.Ceiling(settings.FeatureShare * bins.Width), Math.Min(1, bins.Width), bins.Width);

    private void Fill(long[] histogram, int start, int end)
    {
        var taken = Taken;
        var threads = (long)(end - start) * taken < ParallelWork ? 1 : this.threads;
        ForkJoin.For(taken, threads, k => FillOne(histogram, features[k], start, end));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillOne(long[] histogram, int feature, int start, int end)
    {
        var bins = this.bins.Bins(feature);
        var sums = histogram.AsSpan(feature * stride, bins);
        ref var column = ref MemoryMarshal.GetArrayDataReference(this.bins.Column(feature));
        ref var index = ref MemoryMarshal.GetArrayDataReference(rows.Index);
        ref var packed = ref MemoryMarshal.GetArrayDataReference(rows.Packed);
        var inOrder = rows.InOrder;
        if (bins == 2)
        {
            long all = 0, upper = 0;
            for (var i = start; i < end; i++)
            {
                var value = Unsafe.Add(ref packed, i);
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
        var at = start;
        if (inOrder)
        {
            for (; at + 4 <= end; at += 4)
            {
                Unsafe.Add(ref first, Unsafe.Add(ref column, at)) += Unsafe.Add(ref packed, at);
                Unsafe.Add(ref second, Unsafe.Add(ref column, at + 1)) += Unsafe.Add(ref packed, at + 1);
                Unsafe.Add(ref third, Unsafe.Add(ref column, at + 2)) += Unsafe.Add(ref packed, at + 2);
                Unsafe.Add(ref fourth, Unsafe.Add(ref column, at + 3)) += Unsafe.Add(ref packed, at + 3);
            }
        }
        else
        {
            for (; at + 4 <= end; at += 4)
            {
                Unsafe.Add(ref first, Unsafe.Add(ref column, Unsafe.Add(ref index, at))) += Unsafe.Add(ref packed, at);
                Unsafe.Add(ref second, Unsafe.Add(ref column, Unsafe.Add(ref index, at + 1))) += Unsafe.Add(ref packed, at + 1);
                Unsafe.Add(ref third, Unsafe.Add(ref column, Unsafe.Add(ref index, at + 2))) += Unsafe.Add(ref packed, at + 2);
                Unsafe.Add(ref fourth, Unsafe.Add(ref column, Unsafe.Add(ref index, at + 3))) += Unsafe.Add(ref packed, at + 3);
            }
        }

        for (; at < end; at++) Unsafe.Add(ref first, Unsafe.Add(ref column, inOrder ? at : Unsafe.Add(ref index, at))) += Unsafe.Add(ref packed, at);
        for (var b = 0; b < bins; b++) sums[b] = Unsafe.Add(ref first, b) + Unsafe.Add(ref second, b) + Unsafe.Add(ref third, b) + Unsafe.Add(ref fourth, b);
    }

    private void FindSplit(int leaf, double smallest, double penalty)
    {
        ref var node = ref leaves[leaf];
        (var g, var h) = rows.Part(node.Sum);
        double parent = g * g / (h + penalty), best = 1e-12;
        var histogram = histograms[leaf];
        for (var k = 0; k < Taken; k++)
        {
            var feature = features[k];
            long left = 0;
            int bins = this.bins.Bins(feature), at = feature * stride;
            for (var b = 0; b + 1 < bins; b++)
            {
                left += histogram[at + b];
                (var gl, var hl) = rows.Part(left);
                double gr = g - gl, hr = h - hl;
                if (hl < smallest) continue;
                if (hr < smallest) break;
                var gain = gl * gl / (hl + penalty) + gr * gr / (hr + penalty) - parent;
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
        var parent = leaves[leaf];
        var number = nodes.Count;
        nodes.Add((parent.Feature, bins.Cuts(parent.Feature)[parent.Bin], ~leaf, ~right));
        if (parent.Parent >= 0)
        {
            var above = nodes[parent.Parent];
            nodes[parent.Parent] = parent.IsRight ? above with { Right = number } : above with { Left = number };
        }
        // After the last split nobody asks for the leaves' rows any more, only for their sums.
        var middle = last ? parent.Start : rows.Partition(parent.Start, parent.End, bins.Column(parent.Feature), parent.Bin);
        leaves[leaf] = new Node(parent.Start, middle, number, false, parent.LeftSum);
        leaves[right] = new Node(middle, parent.End, number, true, parent.Sum - parent.LeftSum);
        if (last) return;

        // The smaller side is counted, the other is what remains of the parent.
        long[] whole = histograms[leaf], counted = histograms[right] ??= new long[bins.Width * stride];
        var leftSmaller = middle - parent.Start <= parent.End - middle;
        if (leftSmaller) Fill(counted, parent.Start, middle);
        else Fill(counted, middle, parent.End);
        for (var k = 0; k < Taken; k++)
        {
            int at = features[k] * stride, bins = this.bins.Bins(features[k]);
            TensorPrimitives.Subtract(whole.AsSpan(at, bins), counted.AsSpan(at, bins), whole.AsSpan(at, bins));
        }
        if (leftSmaller) (histograms[leaf], histograms[right]) = (counted, whole);
        FindSplit(leaf, smallest, penalty);
        FindSplit(right, smallest, penalty);
    }

    private readonly record struct Node(int Start, int End, int Parent, bool IsRight, long Sum, double Gain = 0, int Feature = 0, int Bin = 0, long LeftSum = 0);
}
