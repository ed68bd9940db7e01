using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>A split: bins up to <see cref="Bin"/> go left. Feature −1: none allowed.</summary>
internal readonly record struct Split(int Feature, int Bin, double Gain);

/// <summary>
/// Finds a node's best split from histograms of pseudo-outcomes ρ (Athey, Tibshirani &amp; Wager 2019, eq. 9–10): with arms and outcomes centred
/// in the node, ρ = u(v − u·τ̂), u = t̃ − t̄, v = ỹ − ȳ; the split maximises (Σ_L ρ)²/n_L + (Σ_R ρ)²/n_R, the heterogeneity of effects to first order.
/// A regression forest uses ρ = y − ȳ, which makes it the usual variance criterion.
/// <para>
/// A bin's rows, treated rows and Σρ sit in one 64-bit word: the counts exactly, ρ in fixed point with all bits the node's size leaves (28 at 100,000 rows,
/// more in smaller nodes), so a row costs one addition a feature and sums do not depend on order. A node's ρ depends on its own τ̂ and its own features:
/// nothing of the parent's histogram can be reused, which is why siblings are not subtracted.
/// </para>
/// </summary>
internal sealed class SplitFinder(ForestOptions options, bool causal)
{
    private const int Together = 4, Stride = 256;

    private readonly long[] histogram = new long[Together * Stride];
    private long[] packed = [];
    private float[] pseudo = [];

    /// <summary>The best split of the node's rows.</summary>
    /// <param name="rows">Local rows of the node.</param>
    /// <param name="local">Local copies of residuals, arms and bins.</param>
    /// <param name="features">Features to try.</param>
    public Split Best(ReadOnlySpan<int> rows, LocalRows local, ReadOnlySpan<int> features)
    {
        if (packed.Length < rows.Length) (packed, pseudo) = (new long[rows.Length], new float[rows.Length]);
        var shift = 32 - BitOperations.LeadingZeroCount((uint)rows.Length);
        if (!Pack(rows, local, shift)) return new Split(-1, 0, 0);
        var best = new Split(-1, 0, 0);
        for (var from = 0; from < features.Length; from += Together)
        {
            var some = features.Slice(from, Math.Min(Together, features.Length - from));
            Fill(rows, local, some);
            for (var k = 0; k < some.Length; k++) Scan(histogram.AsSpan(k * Stride, local.Bins(some[k])), some[k], rows.Length, shift, ref best);
        }
        return best;
    }

    private bool Pack(ReadOnlySpan<int> rows, LocalRows local, int shift)
    {
        float[] outcome = local.Outcome, arm = local.Arm;
        double y = 0, t = 0, ty = 0, tt = 0;
        foreach (var i in rows)
        {
            double yi = outcome[i], ti = arm[i];
            y += yi;
            t += ti;
            ty += ti * yi;
            tt += ti * ti;
        }
        double n = rows.Length, spread = tt - t * t / n;
        if (causal && !(spread > 1e-12 * n)) return false;
        float effect = causal ? (float)((ty - t * y / n) / spread) : 0, meanY = (float)(y / n), meanT = (float)(t / n);
        double size = 0;
        for (var k = 0; k < rows.Length; k++)
        {
            var i = rows[k];
            float u = arm[i] - meanT, v = outcome[i] - meanY, rho = causal ? u * (v - u * effect) : v;
            pseudo[k] = rho;
            size += Math.Abs(rho);
        }
        if (!(size > 1e-12 * n * (Math.Abs(meanY) + 1e-12))) return false;
        // |Σρ| in units stays below 2^(62 − 2·shift), and rounding adds at most half a unit a row: never an overflow.
        var scale = (float)(Math.ScaleB(1, 62 - 2 * shift) / size);
        if (!float.IsFinite(scale)) return false;
        var treated = local.Treated;
        for (var k = 0; k < rows.Length; k++)
            packed[k] = ((long)MathF.Round(pseudo[k] * scale) << (2 * shift)) + ((long)treated[rows[k]] << shift) + 1;
        return true;
    }

    // Several features in one pass: their additions do not wait for each other.
    private void Fill(ReadOnlySpan<int> rows, LocalRows local, ReadOnlySpan<int> features)
    {
        Array.Clear(histogram);
        ref var h = ref MemoryMarshal.GetArrayDataReference(histogram);
        ref var a = ref local.Column(features[0]);
        ref var packed = ref MemoryMarshal.GetArrayDataReference(this.packed);
        if (features.Length == Together)
        {
            ref var b = ref local.Column(features[1]);
            ref var c = ref local.Column(features[2]);
            ref var d = ref local.Column(features[3]);
            for (var k = 0; k < rows.Length; k++)
            {
                var i = rows[k];
                var value = Unsafe.Add(ref packed, k);
                Unsafe.Add(ref h, Unsafe.Add(ref a, i)) += value;
                Unsafe.Add(ref h, Stride + Unsafe.Add(ref b, i)) += value;
                Unsafe.Add(ref h, 2 * Stride + Unsafe.Add(ref c, i)) += value;
                Unsafe.Add(ref h, 3 * Stride + Unsafe.Add(ref d, i)) += value;
            }
            return;
        }
        for (var f = 0; f < features.Length; f++)
        {
            ref var column = ref local.Column(features[f]);
            for (var k = 0; k < rows.Length; k++) Unsafe.Add(ref h, f * Stride + Unsafe.Add(ref column, rows[k])) += Unsafe.Add(ref packed, k);
        }
    }

    private void Scan(ReadOnlySpan<long> bins, int feature, int rows, int shift, ref Split best)
    {
        long all = 0;
        foreach (var bin in bins) all += bin;
        long mask = (1L << shift) - 1, total = all >> (2 * shift);
        int treated = (int)(all >> shift & mask), least = Math.Max(options.MinLeaf, (int)Math.Ceiling(options.Alpha * rows));
        long left = 0;
        for (var b = 0; b < bins.Length - 1; b++)
        {
            if (bins[b] == 0) continue;
            left += bins[b];
            var n = (int)(left & mask);
            if (n < least) continue;
            if (rows - n < least) break;
            var leftTreated = (int)(left >> shift & mask);
            if (causal && (Math.Min(leftTreated, n - leftTreated) < options.MinArm || Math.Min(treated - leftTreated, rows - n - (treated - leftTreated)) < options.MinArm)) continue;
            double sum = left >> (2 * shift), rest = total - sum;
            var gain = sum * sum / n + rest * rest / (rows - n) - (double)total * total / rows;
            if (gain > best.Gain) best = new Split(feature, b, gain);
        }
    }
}
