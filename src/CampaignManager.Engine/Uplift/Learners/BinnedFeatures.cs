using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>
/// Every feature cut at quantiles into at most 255 bins and stored as bytes, column after column: made once, then shared by all trees of all fits
/// on the same table (Ke et al. 2017). A value v is in bin b when cuts[b − 1] &lt; v ≤ cuts[b].
/// </summary>
public sealed class BinnedFeatures
{
    /// <summary>Bins when nothing else is said: enough for effects, and a histogram of every feature stays in the first cache.</summary>
    public const int DefaultBins = 64;

    private const int MostSampled = 50_000;

    private const int Block = 512;

    private readonly byte[][] columns;
    private readonly float[][] cuts;

    private BinnedFeatures(byte[][] columns, float[][] cuts, int rows) => (this.columns, this.cuts, Rows) = (columns, cuts, rows);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of features.</summary>
    public int Width => columns.Length;

    /// <summary>The bin of every row; there may be more behind them.</summary>
    public byte[] Column(int feature) => columns[feature];

    /// <summary>Upper ends of all bins but the last, ascending. Empty for a constant feature.</summary>
    public float[] Cuts(int feature) => cuts[feature];

    /// <summary>Bins of a feature.</summary>
    public int Bins(int feature) => cuts[feature].Length + 1;

    /// <summary>Cuts every feature.</summary>
    /// <param name="x">All rows.</param>
    /// <param name="training">Rows the cuts are learnt from (quantiles of at most 50,000 of them, evenly taken).</param>
    /// <param name="bins">Most bins a feature, 2..255.</param>
    /// <param name="threads">Features at once; the result does not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">Bins outside 2..255.</exception>
    public static BinnedFeatures Of(FeatureMatrix x, int[] training, int bins = DefaultBins, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 255);
        var cuts = new float[x.Width][];
        ForkJoin.For(x.Width, threads, j => cuts[j] = CutsOf(x, training, j, bins));
        byte[][] columns = [.. cuts.Select(_ => new byte[x.Rows])];
        // Padded to a full search tree: every value takes the same steps, without a branch to be guessed.
        float[][] searched = [.. cuts.Select(Padded)];
        ForkJoin.For((x.Rows + Block - 1) / Block, threads, block =>
        {
            int from = block * Block, to = Math.Min(x.Rows, from + Block);
            Span<float> values = stackalloc float[Block];
            for (var j = 0; j < columns.Length; j++)
            {
                // A block's rows stay in the cache from feature to feature; column after column each row would be fetched anew.
                for (var i = from; i < to; i++) values[i - from] = x.Row(i)[j];
                Bin(searched[j], values[..(to - from)], columns[j].AsSpan(from));
            }
        });
        return new BinnedFeatures(columns, cuts, x.Rows);
    }

    /// <summary>The bins of some rows, numbered anew in their order; the very same object where these are all rows.</summary>
    /// <param name="rows">Row indices, ascending and distinct.</param>
    /// <param name="threads">Features at once.</param>
    public BinnedFeatures Take(int[] rows, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Length == Rows ? this : Take(rows, threads, [.. columns.Select(_ => new byte[rows.Length])]);
    }

    /// <summary>The same into columns that are there, at least as long as there are rows.</summary>
    internal BinnedFeatures Take(int[] rows, int threads, byte[][] columns)
    {
        ForkJoin.For(Width, threads, j =>
        {
            byte[] column = this.columns[j], taken = columns[j];
            for (var i = 0; i < rows.Length; i++) taken[i] = column[rows[i]];
        });
        return new BinnedFeatures(columns, cuts, rows.Length);
    }

    /// <summary>Some of the features, in the order given; nothing is copied.</summary>
    public BinnedFeatures Select(IReadOnlyList<int> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return new BinnedFeatures([.. features.Select(j => columns[j])], [.. features.Select(j => cuts[j])], Rows);
    }

    // 2^k − 1 cuts, the added ones above every value.
    private static float[] Padded(float[] cuts)
    {
        var padded = new float[BitOperations.RoundUpToPowerOf2((uint)cuts.Length + 1) - 1];
        cuts.CopyTo(padded, 0);
        padded.AsSpan(cuts.Length).Fill(float.PositiveInfinity);
        return padded;
    }

    // A value's bin is the number of cuts below it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Bin(float[] padded, ReadOnlySpan<float> values, Span<byte> into)
    {
        ref var cuts = ref MemoryMarshal.GetArrayDataReference(padded);
        var half = (padded.Length + 1) / 2;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            var bin = 0;
            for (var step = half; step > 0; step >>= 1) bin += (Unsafe.Add(ref cuts, bin + step - 1) < value ? 1 : 0) * step;
            into[i] = (byte)bin;
        }
    }

    private static float[] CutsOf(FeatureMatrix x, int[] training, int feature, int bins)
    {
        int step = Math.Max(1, training.Length / MostSampled), count = (training.Length + step - 1) / step;
        var rented = ArrayPool<float>.Shared.Rent(count);
        var values = rented.AsSpan(0, count);
        for (var i = 0; i < values.Length; i++) values[i] = x.Row(training[i * step])[feature];
        RadixSort.Ascending(values);
        var cuts = CutsOf(values, bins);
        ArrayPool<float>.Shared.Return(rented);
        return cuts;
    }

    private static float[] CutsOf(ReadOnlySpan<float> sorted, int bins)
    {
        var distinct = new List<float>();
        for (var i = 0; i < sorted.Length && distinct.Count <= bins; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) distinct.Add(sorted[i]);
        if (distinct.Count <= bins)
            return [.. distinct.Zip(distinct.Skip(1), Between)];
        var cuts = new List<float>();
        for (var b = 1; b < bins; b++)
        {
            var at = (int)((long)sorted.Length * b / bins);
            var value = sorted[at - 1];
            var next = at;
            while (next < sorted.Length && sorted[next] == value) next++;
            if (next == sorted.Length) break;
            var cut = Between(value, sorted[next]);
            if (cuts.Count == 0 || cut > cuts[^1]) cuts.Add(cut);
        }
        return [.. cuts];
    }

    // Half-way, but never so near the upper value that rounding puts it on the wrong side.
    private static float Between(float low, float high)
    {
        var middle = low + (high - low) / 2;
        return middle < high ? middle : low;
    }
}
