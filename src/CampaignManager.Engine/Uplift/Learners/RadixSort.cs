using System.Buffers;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>Sorts many floats by three passes over eleven of their bits each (Terdiman 2000); by comparisons it was a sixth of a whole fit of 50,000 rows.</summary>
internal static class RadixSort
{
    private const int Bits = 11, Buckets = 1 << Bits, Passes = 3;

    // Below, three times 2,048 buckets cost more than comparing.
    private const int Few = 2048;

    /// <summary>Ascending, −0 before 0; there must be no NaN.</summary>
    public static void Ascending(Span<float> values)
    {
        if (values.Length < Few)
        {
            values.Sort();
            return;
        }
        var keys = MemoryMarshal.Cast<float, uint>(values);
        Span<int> counts = stackalloc int[Passes * Buckets];
        counts.Clear();
        Span<int> low = counts[..Buckets], middle = counts[Buckets..(2 * Buckets)], high = counts[(2 * Buckets)..];
        for (var i = 0; i < keys.Length; i++)
        {
            // Floats in the order of whole numbers: negative ones turned round and put below.
            uint bits = keys[i], key = bits ^ ((uint)((int)bits >> 31) | 0x8000_0000);
            keys[i] = key;
            low[(int)(key & (Buckets - 1))]++;
            middle[(int)((key >> Bits) & (Buckets - 1))]++;
            high[(int)(key >> (2 * Bits))]++;
        }
        var rented = ArrayPool<uint>.Shared.Rent(keys.Length);
        var spare = rented.AsSpan(0, keys.Length);
        Pass(keys, spare, low, 0);
        Pass(spare, keys, middle, Bits);
        Pass(keys, spare, high, 2 * Bits);
        for (var i = 0; i < spare.Length; i++)
        {
            var key = spare[i];
            keys[i] = key ^ ((uint)((int)~key >> 31) | 0x8000_0000);
        }
        ArrayPool<uint>.Shared.Return(rented);
    }

    private static void Pass(ReadOnlySpan<uint> from, Span<uint> to, Span<int> counts, int shift)
    {
        var start = 0;
        foreach (ref var count in counts) (count, start) = (start, start + count);
        foreach (var key in from) to[counts[(int)((key >> shift) & (Buckets - 1))]++] = key;
    }
}
