using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>
/// The rows one tree is grown on, each with its gradient and curvature as whole numbers in one 64-bit value, so that sums are exact, do not depend on the order of rows
/// or threads, and cost one addition (Shi et al. 2022). Buffers are kept from tree to tree.
/// </summary>
/// <param name="threads">Threads to draw and to partition with.</param>
/// <param name="capacity">Rows of the largest table there will be; 0 where that is not known.</param>
internal sealed class PackedRows(int threads, int capacity = 0)
{
    private const int Block = 1 << 13;
    private const int ParallelFrom = 1 << 16;

    private int[] _index = [], _indexSpare = [];
    private long[] _packed = [], _packedSpare = [];
    private double _gradientUnit, _curvatureUnit;

    /// <summary>Rows drawn.</summary>
    public int Count { get; private set; }

    /// <summary>Whether these are all rows, and still in their order.</summary>
    public bool InOrder { get; private set; }

    /// <summary>Packed sum of all rows drawn.</summary>
    public long Total { get; private set; }

    /// <summary>Numbers of the rows, in the order of the tree's leaves.</summary>
    public int[] Index => _index;

    /// <summary>Their packed values.</summary>
    public long[] Packed => _packed;

    /// <summary>Gradient and curvature of a packed sum.</summary>
    public (double G, double H) Part(long sum) => ((sum >> 32) * _gradientUnit, (sum & 0xFFFF_FFFFL) * _curvatureUnit);

    /// <summary>Draws rows by their number, and packs them.</summary>
    /// <param name="state">All rows with their derivatives.</param>
    /// <param name="factor">What the tree's value is multiplied by in each row (chain rule); null for 1.</param>
    /// <param name="share">Of the rows.</param>
    /// <param name="salt">Says which.</param>
    public void Draw(BoostingState state, float[]? factor, double share, ulong salt)
    {
        int n = state.Count, blocks = (n + Block - 1) / Block;
        InOrder = share >= 1;
        ulong limit = InOrder ? ulong.MaxValue : (ulong)(share * ulong.MaxValue);
        int[] starts = new int[blocks + 1];
        Blocks(blocks, n, (b, from, to) => starts[b + 1] = InOrder ? to - from : Kept(from, to, salt, limit));
        for (int b = 0; b < blocks; b++) starts[b + 1] += starts[b];
        Count = starts[blocks];
        if (_index.Length < Count)
        {
            int all = Math.Max(n, capacity), room = (int)Math.Min(all, (Count + Count / 16 + 64) * (long)all / n);
            (_index, _indexSpare, _packed, _packedSpare) = (new int[room], new int[room], new long[room], new long[room]);
        }
        float largest = factor is null || n == 0 ? 1 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(factor));
        // A sum of Count rounded values must fit into 31 bits.
        double most = Math.Min(1 << 22, (double)(1 << 30) / Math.Max(1, Count));
        float scaleG = (float)(most / Math.Max(1e-30f, state.LargestGradient * largest)), scaleH = (float)(most / Math.Max(1e-30f, state.LargestCurvature * largest * largest));
        (_gradientUnit, _curvatureUnit) = (1.0 / scaleG, 1.0 / scaleH);
        long[] sums = new long[blocks];
        Blocks(blocks, n, (b, from, _) => sums[b] = Pack(state, factor, from, starts[b], starts[b + 1], salt, limit, scaleG, scaleH));
        Total = 0;
        foreach (long sum in sums) Total += sum;
    }

    /// <summary>Moves the rows of a column's higher bins behind the others, each side in its order.</summary>
    /// <returns>Where the higher bins begin.</returns>
    public int Partition(int start, int end, byte[] column, int limit)
    {
        InOrder = false;
        int parts = end - start < ParallelFrom ? 1 : threads;
        int[] rights = new int[parts];
        int Bound(int part) => start + (int)((long)(end - start) * part / parts);
        ForkJoin.For(parts, threads, part => rights[part] = PartitionPart(Bound(part), Bound(part + 1), column, limit));
        int write = start;
        for (int part = 0; part < parts; part++)
        {
            int from = Bound(part), left = Bound(part + 1) - from - rights[part];
            if (from != write)
            {
                Array.Copy(_index, from, _index, write, left);
                Array.Copy(_packed, from, _packed, write, left);
            }
            write += left;
        }
        int middle = write;
        for (int part = 0; part < parts; part++)
        {
            Array.Copy(_indexSpare, Bound(part), _index, write, rights[part]);
            Array.Copy(_packedSpare, Bound(part), _packed, write, rights[part]);
            write += rights[part];
        }
        return middle;
    }

    // Which rows are drawn depends on their number and the salt alone.
    private static bool Keeps(int row, ulong salt, ulong limit)
    {
        ulong z = (ulong)row * 0x9E3779B97F4A7C15UL + salt;
        z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93UL;
        return (z ^ (z >> 32)) <= limit;
    }

    private static int Kept(int from, int to, ulong salt, ulong limit)
    {
        int kept = 0;
        for (int row = from; row < to; row++) kept += Keeps(row, salt, limit) ? 1 : 0;
        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Pack(BoostingState state, float[]? factor, int row, int at, int end, ulong salt, ulong limit, float scaleG, float scaleH)
    {
        long total = 0;
        ref int index = ref MemoryMarshal.GetArrayDataReference(_index);
        ref long packed = ref MemoryMarshal.GetArrayDataReference(_packed);
        ref float gradient = ref MemoryMarshal.GetArrayDataReference(state.Gradient), curvature = ref MemoryMarshal.GetArrayDataReference(state.Curvature);
        for (; at < end; row++)
        {
            float f = factor is null ? 1 : factor[row];
            // Rounded up as often as what is cut off says, by the row's number: many small gradients, all cut alike, would be off in their sum.
            float part = (uint)(row * 2654435769u) * (1f / 4294967296f);
            long g = (long)MathF.Floor(Unsafe.Add(ref gradient, row) * f * scaleG + part), h = (long)(Unsafe.Add(ref curvature, row) * f * f * scaleH + part);
            long value = (g << 32) + h;
            // Written whether it is kept or not: no branch to be guessed wrong for every other row.
            Unsafe.Add(ref index, at) = row;
            Unsafe.Add(ref packed, at) = value;
            long kept = Keeps(row, salt, limit) ? 1 : 0;
            total += value & -kept;
            at += (int)kept;
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PartitionPart(int start, int end, byte[] bins, int limit)
    {
        int write = start, spare = start;
        ref byte column = ref MemoryMarshal.GetArrayDataReference(bins);
        ref int index = ref MemoryMarshal.GetArrayDataReference(_index), indexSpare = ref MemoryMarshal.GetArrayDataReference(_indexSpare);
        ref long packed = ref MemoryMarshal.GetArrayDataReference(_packed), packedSpare = ref MemoryMarshal.GetArrayDataReference(_packedSpare);
        for (int i = start; i < end; i++)
        {
            // Written to both sides and kept on one.
            int row = Unsafe.Add(ref index, i);
            long value = Unsafe.Add(ref packed, i);
            int right = Unsafe.Add(ref column, row) > limit ? 1 : 0;
            Unsafe.Add(ref index, write) = row;
            Unsafe.Add(ref packed, write) = value;
            Unsafe.Add(ref indexSpare, spare) = row;
            Unsafe.Add(ref packedSpare, spare) = value;
            spare += right;
            write += 1 - right;
        }
        return spare - start;
    }

    private void Blocks(int blocks, int n, Action<int, int, int> work) => ForkJoin.For(blocks, threads, b => work(b, b * Block, Math.Min(n, (b + 1) * Block)));
}
