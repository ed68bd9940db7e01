using System.Numerics.Tensors;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>Grows the trees of one boosting; buffers are kept from tree to tree.</summary>
internal sealed class BoostingStep(BinnedFeatures bins, BoostingSettings settings, BoostingState state, FitContext context)
{
    private readonly TreeGrower _grower = new(bins, settings, context.Threads);
    private float[] _gradient = [], _curvature = [];
    private int[] _rows = [];

    // factor: what the tree's value is multiplied by in each row (chain rule); null for 1.
    public Tree Grow(float[]? factor, SeededRandom random)
    {
        double share = Math.Min(settings.RowShare, (double)BoostingSettings.MostRows / Math.Max(1, state.Rows.Length));
        int count = state.Rows.Length;
        ReadOnlySpan<int> rows = state.Rows;
        ReadOnlySpan<float> g = state.Gradient, h = state.Curvature;
        if (share < 1 || factor is not null)
        {
            if (_gradient.Length < count)
            {
                _gradient = new float[count];
                _curvature = new float[count];
                _rows = share < 1 ? new int[count] : [];
            }
            if (share < 1) count = Draw(share, factor, random);
            else
            {
                TensorPrimitives.Multiply(g, factor, _gradient);
                TensorPrimitives.Multiply(h, factor, _curvature);
                TensorPrimitives.Multiply<float>(_curvature, factor, _curvature);
            }
            if (share < 1) rows = _rows.AsSpan(0, count);
            g = _gradient.AsSpan(0, count);
            h = _curvature.AsSpan(0, count);
        }
        double mean = count == 0 ? 0 : TensorPrimitives.Sum(h) / (double)count;
        // Of rare outcomes a leaf of many rows may hold no information: at least as much as four even coin tosses is asked for, and the same as prior.
        double least = state.Logistic ? 1 : 0, smallest = settings.SmallestLeaf * mean * ((double)count / Math.Max(1, state.Rows.Length));
        return _grower.Grow(rows, g, h, Math.Max(least, smallest), Math.Max(least, settings.L2 * mean), random);
    }

    // A share of the rows, drawn by row number.
    private int Draw(double share, float[]? factor, SeededRandom random)
    {
        int count = 0;
        ulong salt = random.NextUInt64(), limit = (ulong)(share * ulong.MaxValue);
        int[] all = state.Rows;
        float[] g = state.Gradient, h = state.Curvature;
        for (int p = 0; p < all.Length; p++)
        {
            ulong z = (ulong)all[p] * 0x9E3779B97F4A7C15UL + salt;
            z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93UL;
            if ((z ^ (z >> 32)) > limit) continue;
            float f = factor is null ? 1 : factor[p];
            _rows[count] = all[p];
            _gradient[count] = g[p] * f;
            _curvature[count++] = h[p] * f * f;
        }
        return count;
    }
}
