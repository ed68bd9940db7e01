using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CampaignManager.Engine.Experiments;

/// <summary>SHA-256 (FIPS 180-4) of eight messages of one block each, side by side.</summary>
internal static class Sha256Lanes
{
    private const int Lanes = 8;

    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The first two words of each hash.</summary>
    /// <param name="words">The padded blocks: word 0 of all lanes, then word 1, and so on to 15.</param>
    /// <param name="heads">Word 0 of all hashes, then word 1.</param>
    public static void Heads(ReadOnlySpan<uint> words, Span<uint> heads)
    {
        Span<Vector256<uint>> w = stackalloc Vector256<uint>[16];
        for (var i = 0; i < 16; i++)
            w[i] = Vector256.Create(words.Slice(i * Lanes, Lanes));
        var (a, b, c, d) = (Vector256.Create(0x6a09e667u), Vector256.Create(0xbb67ae85u), Vector256.Create(0x3c6ef372u), Vector256.Create(0xa54ff53au));
        var (e, f, g, h) = (Vector256.Create(0x510e527fu), Vector256.Create(0x9b05688cu), Vector256.Create(0x1f83d9abu), Vector256.Create(0x5be0cd19u));
        for (var t = 0; t < 64; t += 8)
        {
            Round(a, b, c, ref d, e, f, g, ref h, t, w);
            Round(h, a, b, ref c, d, e, f, ref g, t + 1, w);
            Round(g, h, a, ref b, c, d, e, ref f, t + 2, w);
            Round(f, g, h, ref a, b, c, d, ref e, t + 3, w);
            Round(e, f, g, ref h, a, b, c, ref d, t + 4, w);
            Round(d, e, f, ref g, h, a, b, ref c, t + 5, w);
            Round(c, d, e, ref f, g, h, a, ref b, t + 6, w);
            Round(b, c, d, ref e, f, g, h, ref a, t + 7, w);
        }

        (a + Vector256.Create(0x6a09e667u)).CopyTo(heads);
        (b + Vector256.Create(0xbb67ae85u)).CopyTo(heads[Lanes..]);
    }

    // The names are those of the standard; its eight variables change places by the order of the arguments.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, ref Vector256<uint> d, Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, ref Vector256<uint> h,
        int t, Span<Vector256<uint>> w)
    {
        if (t >= 16)
        {
            var (before15, before2) = (w[(t - 15) & 15], w[(t - 2) & 15]);
            w[t & 15] += (Turn(before15, 7) ^ Turn(before15, 18) ^ (before15 >>> 3)) + w[(t - 7) & 15] + (Turn(before2, 17) ^ Turn(before2, 19) ^ (before2 >>> 10));
        }

        var sum = h + (Turn(e, 6) ^ Turn(e, 11) ^ Turn(e, 25)) + ((e & f) ^ Vector256.AndNot(g, e)) + Vector256.Create(Constants[t]) + w[t & 15];
        d += sum;
        h = sum + (Turn(a, 2) ^ Turn(a, 13) ^ Turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Turn(Vector256<uint> x, int by) => (x >>> by) | (x << (32 - by));
}
