using System.Numerics.Tensors;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>Scores of the training rows while trees are added, and the loss's derivatives at them.</summary>
internal sealed class BoostingState
{
    private const int Block = 1 << 16;

    private readonly FitContext _context;
    private readonly float[] _outcome;
    private readonly float[]? _weights;
    private readonly bool _logistic;

    /// <param name="rows">Training rows, ascending.</param>
    /// <param name="outcome">y, in the order of rows.</param>
    /// <param name="weights">Weights likewise; null for 1.</param>
    /// <param name="logistic">Log-loss on probabilities instead of squares.</param>
    /// <param name="context">Threads.</param>
    public BoostingState(int[] rows, float[] outcome, float[]? weights, bool logistic, FitContext context)
    {
        (Rows, _outcome, _weights, _logistic, _context) = (rows, outcome, weights, logistic, context);
        Score = new float[rows.Length];
        Gradient = new float[rows.Length];
        Curvature = new float[rows.Length];
    }

    public bool Logistic => _logistic;

    public int[] Rows { get; }

    /// <summary>Sum so far, before the link.</summary>
    public float[] Score { get; }

    public float[] Gradient { get; }

    public float[] Curvature { get; }

    public void Derive() => Blocks((from, count) =>
    {
        Span<float> g = Gradient.AsSpan(from, count), h = Curvature.AsSpan(from, count);
        ReadOnlySpan<float> y = _outcome.AsSpan(from, count), score = Score.AsSpan(from, count);
        if (_logistic)
        {
            TensorPrimitives.Sigmoid(score, g);
            for (int i = 0; i < h.Length; i++) h[i] = Math.Max(1e-6f, g[i] * (1 - g[i]));
            TensorPrimitives.Subtract(g, y, g);
        }
        else
        {
            TensorPrimitives.Subtract(score, y, g);
            h.Fill(1);
        }
        if (_weights is null) return;
        TensorPrimitives.Multiply(g, _weights.AsSpan(from, count), g);
        TensorPrimitives.Multiply(h, _weights.AsSpan(from, count), h);
    });

    /// <summary>Weighted loss at the present scores.</summary>
    public double Loss()
    {
        double loss = 0;
        for (int p = 0; p < Score.Length; p++)
        {
            double f = Score[p], y = _outcome[p], w = _weights?[p] ?? 1;
            loss += w * (_logistic ? Math.Max(f, 0) - f * y + Math.Log(1 + Math.Exp(-Math.Abs(f))) : (f - y) * (f - y) / 2);
        }
        return loss;
    }

    /// <summary>Runs over blocks of rows, at once where there are threads.</summary>
    public void Blocks(Action<int, int> work)
    {
        int blocks = (Rows.Length + Block - 1) / Block;
        if (blocks == 1 || _context.Threads == 1)
            for (int b = 0; b < blocks; b++) work(b * Block, Math.Min(Block, Rows.Length - b * Block));
        else
            Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = _context.Threads }, b => work(b * Block, Math.Min(Block, Rows.Length - b * Block)));
    }

    /// <summary>Adds a tree to the scores; <paramref name="factor"/> multiplies it row by row where given.</summary>
    public void Add(Tree tree, BinnedFeatures bins, float[]? factor)
    {
        int nodes = tree.Features.Length;
        var columns = tree.Features.Select(bins.Column).ToArray();
        byte[] limits = new byte[nodes];
        for (int k = 0; k < nodes; k++) limits[k] = (byte)Array.BinarySearch(bins.Cuts(tree.Features[k]), tree.Thresholds[k]);
        float[] leaves = [.. tree.Leaves.Select(v => (float)v)];
        int[] left = tree.Left, right = tree.Right;
        Blocks((from, count) =>
        {
            Span<float> score = Score.AsSpan(from, count);
            ReadOnlySpan<int> rows = Rows.AsSpan(from, count);
            for (int p = 0; p < score.Length; p++)
            {
                int node = nodes == 0 ? -1 : 0, row = rows[p];
                while (node >= 0) node = columns[node][row] <= limits[node] ? left[node] : right[node];
                score[p] += factor is null ? leaves[~node] : factor[from + p] * leaves[~node];
            }
        });
    }
}
