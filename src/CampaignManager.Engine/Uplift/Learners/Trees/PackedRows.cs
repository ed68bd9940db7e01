using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    private int[] index = [], indexSpare = [];
    private long[] packed = [], packedSpare = [];
    // A bit for every row, set where it is drawn, 64 to a word, of which a block holds whole ones; not used where all are drawn.
    private ulong[] drawn = [];
    private double gradientUnit, curvatureUnit;

    /// <summary>Rows drawn.</summary>
    public int Count { get; private set; }

    /// <summary>Whether these are all rows, and still in their order.</summary>
    public bool InOrder { get; private set; }

    /// <summary>Packed sum of all rows drawn.</summary>
    public long Total { get; private set; }

    /// <summary>Numbers of the rows, in the order of the tree's leaves.</summary>
    public int[] Index => index;

    /// <summary>Their packed values.</summary>
    public long[] Packed => packed;

    /// <summary>Gradient and curvature of a packed sum.</summary>
    public (double G, double H) Part(long sum) => ((sum >> 32) * gradientUnit, (sum & 0xFFFF_FFFFL) * curvatureUnit);

    /// <summary>Draws rows by their number, and packs them.</summary>
    /// <param name="state">All rows with their derivatives.</param>
    /// <param name="factor">What the tree's value is multiplied by in each row (chain rule); null for 1.</param>
    /// <param name="share">Of the rows.</param>
    /// <param name="salt">Says which.</param>
    public void Draw(BoostingState state, float[]? factor, double share, ulong salt)
    {
        int n = state.Count, blocks = (n + Block - 1) / Block;
        InOrder = share >= 1;
        var limit = InOrder ? ulong.MaxValue : (ulong)(share * ulong.MaxValue);
        var starts = new int[blocks + 1];
        if (!InOrder && drawn.Length < (n + 63) / 64) drawn = new ulong[(Math.Max(n, capacity) + 63) / 64];
        Blocks(blocks, n, (b, from, to) => starts[b + 1] = InOrder ? to - from : Keep(from, to, salt, limit));
        for (var b = 0; b < blocks; b++) starts[b + 1] += starts[b];
        Count = starts[blocks];
        if (index.Length < Count)
        {
            int all = Math.Max(n, capacity), room = (int)Math.Min(all, (Count + Count / 16 + 64) * (long)all / n);
            (index, indexSpare, packed, packedSpare) = (new int[room], new int[room], new long[room], new long[room]);
        }
        var largest = factor is null || n == 0 ? 1 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(factor));
        // A sum of Count rounded values must fit into 31 bits.
        var most = Math.Min(1 << 22, (double)(1 << 30) / Math.Max(1, Count));
        float scaleG = (float)(most / Math.Max(1e-30f, state.LargestGradient * largest)), scaleH = (float)(most / Math.Max(1e-30f, state.LargestCurvature * largest * largest));
        (gradientUnit, curvatureUnit) = (1.0 / scaleG, 1.0 / scaleH);
        var sums = new long[blocks];
        Blocks(blocks, n, (b, from, to) => sums[b] = Pack(state, factor, from, to, starts[b], scaleG, scaleH));
        Total = 0;
        foreach (var sum in sums) Total += sum;
    }

    /// <summary>Moves the rows of a column's higher bins behind the others, each side in its order.</summary>
    /// <returns>Where the higher bins begin.</returns>
    public int Partition(int start, int end, byte[] column, int limit)
    {
        InOrder = false;
        var parts = end - start < ParallelFrom ? 1 : threads;
        var rights = new int[parts];
        int Bound(int part) => start + (int)((long)(end - start) * part / parts);
        ForkJoin.For(parts, threads, part => rights[part] = PartitionPart(Bound(part), Bound(part + 1), column, limit));
        var write = start;
        for (var part = 0; part < parts; part++)
        {
            int from = Bound(part), left = Bound(part + 1) - from - rights[part];
            if (from != write)
            {
                Array.Copy(index, from, index, write, left);
                Array.Copy(packed, from, packed, write, left);
            }
            write += left;
        }
        var middle = write;
        for (var part = 0; part < parts; part++)
        {
            Array.Copy(indexSpare, Bound(part), index, write, rights[part]);
            Array.Copy(packedSpare, Bound(part), packed, write, rights[part]);
            write += rights[part];
        }
        return middle;
    }

    // Which rows are drawn depends on their number and the salt alone.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Keep(int from, int to, ulong salt, ulong limit)
    {
        var kept = 0;
        for (var row = from; row < to;)
        {
            ulong word = 0;
            var end = Math.Min(to, row + 64);
            for (var first = row; row < end; row++)
            {
                var z = (ulong)row * 0x9E3779B97F4A7C15UL + salt;
                z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93UL;
                word |= ((z ^ (z >> 32)) <= limit ? 1UL : 0) << (row - first);
            }
            drawn[(row - 1) / 64] = word;
            kept += BitOperations.PopCount(word);
        }
        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Pack(BoostingState state, float[]? factor, int from, int to, int at, float scaleG, float scaleH)
    {
        long total = 0;
        Span<long> some = stackalloc long[64];
        for (var row = from; row < to; row += 64)
        {
            var count = Math.Min(64, to - row);
            var packed = InOrder ? this.packed.AsSpan(at, count) : some[..count];
            Pack(state.Gradient.AsSpan(row, count), state.Curvature.AsSpan(row, count), factor is null ? [] : factor.AsSpan(row, count), row, packed, scaleG, scaleH);
            if (InOrder)
            {
                for (var k = 0; k < count; k++)
                {
                    total += packed[k];
                    index[at + k] = row + k;
                }
                at += count;
                continue;
            }
            for (var word = drawn[row / 64]; word != 0; word &= word - 1)
            {
                var k = BitOperations.TrailingZeroCount(word);
                index[at] = row + k;
                this.packed[at++] = packed[k];
                total += packed[k];
            }
        }
        return total;
    }

    // factor: empty for 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(ReadOnlySpan<float> gradient, ReadOnlySpan<float> curvature, ReadOnlySpan<float> factor, int row, Span<long> packed, float scaleG, float scaleH)
    {
        // Rounded up as often as what is cut off says, by the row's number: many small gradients, all cut alike, would be off in their sum.
        const uint Spread = 2654435769u;
        const float Unit = 1f / 4294967296f;
        var i = 0;
        ref float g0 = ref MemoryMarshal.GetReference(gradient), h0 = ref MemoryMarshal.GetReference(curvature), f0 = ref MemoryMarshal.GetReference(factor);
        ref var p0 = ref MemoryMarshal.GetReference(packed);
        for (; i + Vector256<float>.Count <= packed.Length; i += Vector256<float>.Count)
        {
            var numbers = (Vector256<uint>.Indices + Vector256.Create((uint)(row + i))) * Spread;
            Vector256<float> part = Vector256.ConvertToSingle(numbers) * Unit, g = Vector256.LoadUnsafe(ref g0, (nuint)i), h = Vector256.LoadUnsafe(ref h0, (nuint)i);
            if (!factor.IsEmpty)
            {
                var f = Vector256.LoadUnsafe(ref f0, (nuint)i);
                g *= f;
                h = h * f * f;
            }
            Vector256<int> wholeG = Vector256.ConvertToInt32(Vector256.Floor(g * scaleG + part)), wholeH = Vector256.ConvertToInt32(h * scaleH + part);
            ((Vector256.WidenLower(wholeG) << 32) + Vector256.WidenLower(wholeH)).StoreUnsafe(ref p0, (nuint)i);
            ((Vector256.WidenUpper(wholeG) << 32) + Vector256.WidenUpper(wholeH)).StoreUnsafe(ref p0, (nuint)i + 4);
        }
        for (; i < packed.Length; i++)
        {
            float f = factor.IsEmpty ? 1 : factor[i], part = (uint)((row + i) * Spread) * Unit;
            packed[i] = ((long)MathF.Floor(gradient[i] * f * scaleG + part) << 32) + (long)(curvature[i] * f * f * scaleH + part);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PartitionPart(int start, int end, byte[] bins, int limit)
    {
        int write = start, spare = start;
        ref var column = ref MemoryMarshal.GetArrayDataReference(bins);
        ref int index = ref MemoryMarshal.GetArrayDataReference(this.index), indexSpare = ref MemoryMarshal.GetArrayDataReference(this.indexSpare);
        ref long packed = ref MemoryMarshal.GetArrayDataReference(this.packed), packedSpare = ref MemoryMarshal.GetArrayDataReference(this.packedSpare);
        for (var i = start; i < end; i++)
        {
            // Written to both sides and kept on one.
            var row = Unsafe.Add(ref index, i);
            var value = Unsafe.Add(ref packed, i);
            var right = Unsafe.Add(ref column, row) > limit ? 1 : 0;
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
