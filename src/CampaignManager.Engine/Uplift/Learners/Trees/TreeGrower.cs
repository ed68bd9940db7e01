using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>
/// Grows one regression tree at a time, best leaf first, from gradients and curvatures (Chen &amp; Guestrin 2016) by histograms of binned features
/// (Ke et al. 2017). Gradient and curvature of a row are rounded to whole numbers and share one 64-bit sum (Shi et al. 2022), so that sums are exact,
/// do not depend on the order of rows or threads, and a bin costs one addition. Buffers are kept from tree to tree.
/// </summary>
internal sealed class TreeGrower
{
    private const int ParallelWork = 200_000;

    private readonly BinnedFeatures _bins;
    private readonly BoostingSettings _settings;
    private readonly int _threads;
    private readonly int _stride;
    private readonly long[][] _histograms;
    private int[] _index = [], _indexBuffer = [];
    private long[] _packed = [], _packedBuffer = [];
    private int[] _features = [];
    private readonly Node[] _leaves;
    private double _gradientScale, _curvatureScale;

    public TreeGrower(BinnedFeatures bins, BoostingSettings settings, int threads)
    {
        _bins = bins;
        _settings = settings;
        _threads = Math.Max(1, threads);
        for (int j = 0; j < bins.Width; j++) _stride = Math.Max(_stride, bins.Bins(j));
        _leaves = new Node[Math.Max(1, settings.Leaves)];
        _histograms = new long[_leaves.Length][];
    }

    /// <summary>Rows of the last tree's leaves: leaf l holds the grown rows LeafStart(l) .. LeafEnd(l) of this order.</summary>
    public ReadOnlySpan<int> Order => _index;

    public (int Start, int End) LeafRange(int leaf) => (_leaves[leaf].Start, _leaves[leaf].End);

    /// <summary>Grows a tree.</summary>
    /// <param name="rows">Row numbers, ascending.</param>
    /// <param name="gradient">Gradient of the loss, in the order of <paramref name="rows"/>.</param>
    /// <param name="curvature">Second derivative, not negative, likewise.</param>
    /// <param name="smallestCurvature">What each side of a split must hold.</param>
    /// <param name="penalty">λ added to a leaf's curvature.</param>
    /// <param name="random">Draws the features.</param>
    /// <returns>The tree, its leaves −rate · G / (H + λ).</returns>
    public Tree Grow(ReadOnlySpan<int> rows, ReadOnlySpan<float> gradient, ReadOnlySpan<float> curvature, double smallestCurvature, double penalty, SeededRandom random)
    {
        int n = rows.Length;
        if (_index.Length < n)
        {
            _index = new int[n];
            _indexBuffer = new int[n];
            _packed = new long[n];
            _packedBuffer = new long[n];
        }
        rows.CopyTo(_index);
        Pack(gradient, curvature, n);
        DrawFeatures(random);

        int count = 1;
        long total = 0;
        for (int i = 0; i < n; i++) total += _packed[i];
        _leaves[0] = new Node(0, n, -1, false, Part(total));
        _histograms[0] ??= new long[_bins.Width * _stride];
        Fill(_histograms[0], 0, n);
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
        for (int l = 0; l < count; l++) values[l] = -_settings.Rate * _leaves[l].Sum.G / (_leaves[l].Sum.H + penalty);
        return new Tree([.. nodes.Select(k => k.Feature)], [.. nodes.Select(k => k.Threshold)], [.. nodes.Select(k => k.Left)], [.. nodes.Select(k => k.Right)], values);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(ReadOnlySpan<float> gradient, ReadOnlySpan<float> curvature, int n)
    {
        float largestG = Math.Max(1e-30f, Math.Abs(TensorPrimitives.MaxMagnitude(gradient))), largestH = Math.Max(1e-30f, TensorPrimitives.Max(curvature));
        // A sum of n rounded values must fit into 31 bits.
        double room = Math.Min(1 << 22, (double)(1 << 30) / Math.Max(1, n));
        _gradientScale = room / largestG;
        _curvatureScale = room / largestH;
        float scaleG = (float)_gradientScale, scaleH = (float)_curvatureScale;
        (_gradientScale, _curvatureScale) = (scaleG, scaleH);
        for (int i = 0; i < n; i++)
        {
            // Rounded half up; a float holds every whole number up to 2^24.
            float g = gradient[i] * scaleG;
            _packed[i] = ((long)(int)(g < 0 ? g - 0.5f : g + 0.5f) << 32) + (int)(curvature[i] * scaleH + 0.5f);
        }
    }

    private (double G, double H) Part(long sum) => ((sum >> 32) / _gradientScale, (sum & 0xFFFF_FFFFL) / _curvatureScale);

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
        if ((long)(end - start) * taken < ParallelWork || _threads == 1)
            for (int k = 0; k < taken; k++) FillOne(histogram, _features[k], start, end);
        else
            Parallel.For(0, taken, new ParallelOptions { MaxDegreeOfParallelism = _threads }, k => FillOne(histogram, _features[k], start, end));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillOne(long[] histogram, int feature, int start, int end)
    {
        ref long sums = ref histogram[feature * _stride];
        MemoryMarshal.CreateSpan(ref sums, _bins.Bins(feature)).Clear();
        ref byte column = ref MemoryMarshal.GetArrayDataReference(_bins.Column(feature));
        ref int index = ref MemoryMarshal.GetArrayDataReference(_index);
        ref long packed = ref MemoryMarshal.GetArrayDataReference(_packed);
        for (int i = start; i < end; i++)
            Unsafe.Add(ref sums, Unsafe.Add(ref column, Unsafe.Add(ref index, i))) += Unsafe.Add(ref packed, i);
    }

    private void FindSplit(int leaf, double smallest, double penalty)
    {
        ref Node node = ref _leaves[leaf];
        (double g, double h) = node.Sum;
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
                (double gl, double hl) = Part(left);
                double gr = g - gl, hr = h - hl;
                if (hl < smallest) continue;
                if (hr < smallest) break;
                double gain = gl * gl / (hl + penalty) + gr * gr / (hr + penalty) - parent;
                if (gain > best)
                {
                    best = gain;
                    node = node with { Gain = gain, Feature = feature, Bin = b };
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Split(int leaf, int right, List<(int Feature, float Threshold, int Left, int Right)> nodes, double smallest, double penalty, bool last)
    {
        Node parent = _leaves[leaf];
        int spare = 0, write = parent.Start;
        long leftSum = 0, rightSum = 0;
        ref byte column = ref MemoryMarshal.GetArrayDataReference(_bins.Column(parent.Feature));
        ref int index = ref MemoryMarshal.GetArrayDataReference(_index), indexSpare = ref MemoryMarshal.GetArrayDataReference(_indexBuffer);
        ref long packed = ref MemoryMarshal.GetArrayDataReference(_packed), packedSpare = ref MemoryMarshal.GetArrayDataReference(_packedBuffer);
        for (int i = parent.Start; i < parent.End; i++)
        {
            // Written to both sides and kept on one: no branch to be guessed wrong for every other row.
            int row = Unsafe.Add(ref index, i);
            long sum = Unsafe.Add(ref packed, i);
            int goesRight = Unsafe.Add(ref column, row) > parent.Bin ? 1 : 0;
            Unsafe.Add(ref index, write) = row;
            Unsafe.Add(ref packed, write) = sum;
            Unsafe.Add(ref indexSpare, spare) = row;
            Unsafe.Add(ref packedSpare, spare) = sum;
            long mask = -goesRight;
            rightSum += sum & mask;
            leftSum += sum & ~mask;
            spare += goesRight;
            write += 1 - goesRight;
        }
        Array.Copy(_indexBuffer, 0, _index, write, spare);
        Array.Copy(_packedBuffer, 0, _packed, write, spare);

        int number = nodes.Count;
        nodes.Add((parent.Feature, _bins.Cuts(parent.Feature)[parent.Bin], ~leaf, ~right));
        if (parent.Parent >= 0)
        {
            var above = nodes[parent.Parent];
            nodes[parent.Parent] = parent.IsRight ? above with { Right = number } : above with { Left = number };
        }
        _leaves[leaf] = new Node(parent.Start, write, number, false, Part(leftSum));
        _leaves[right] = new Node(write, parent.End, number, true, Part(rightSum));
        if (last) return;

        // The smaller side is counted, the other is what remains of the parent.
        long[] whole = _histograms[leaf], counted = _histograms[right] ??= new long[_bins.Width * _stride];
        bool leftSmaller = write - parent.Start <= spare;
        if (leftSmaller) Fill(counted, parent.Start, write);
        else Fill(counted, write, parent.End);
        for (int k = 0; k < Taken; k++)
        {
            int at = _features[k] * _stride, end = at + _bins.Bins(_features[k]);
            for (int b = at; b < end; b++) whole[b] -= counted[b];
        }
        if (leftSmaller) (_histograms[leaf], _histograms[right]) = (counted, whole);
        FindSplit(leaf, smallest, penalty);
        FindSplit(right, smallest, penalty);
    }

    private readonly record struct Node(int Start, int End, int Parent, bool IsRight, (double G, double H) Sum, double Gain = 0, int Feature = 0, int Bin = 0);
}
