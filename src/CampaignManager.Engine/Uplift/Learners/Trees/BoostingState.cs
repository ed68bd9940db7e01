using System.Numerics.Tensors;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>Scores of the training rows while trees are added, and the loss's derivatives at them. Rows are numbered by their position among the training rows.</summary>
internal sealed class BoostingState
{
    private const int Block = 1 << 13;

    private readonly FitContext context;
    private readonly float[] outcome;
    private readonly float[]? weights;
    private readonly float[] largestGradient, largestCurvature;
    private readonly float[] values = new float[256];

    /// <param name="bins">Features of the training rows alone.</param>
    /// <param name="outcome">y, at least one value a row.</param>
    /// <param name="weights">Weights; null for 1.</param>
    /// <param name="logistic">Log-loss on probabilities instead of squares.</param>
    /// <param name="context">Threads.</param>
    /// <param name="room">What to work in; null makes its own.</param>
    public BoostingState(BinnedFeatures bins, float[] outcome, float[]? weights, bool logistic, FitContext context, BoostingRoom? room = null)
    {
        (Bins, this.outcome, this.weights, Logistic, this.context) = (bins, outcome, weights, logistic, context);
        room ??= new BoostingRoom(context.Threads, Count);
        Rows = room.Rows;
        Score = room.Floats(BoostingRoom.Use.Score, Count);
        Gradient = room.Floats(BoostingRoom.Use.Gradient, Count);
        Curvature = room.Floats(BoostingRoom.Use.Curvature, Count);
        largestGradient = new float[Blocks(Count)];
        largestCurvature = new float[largestGradient.Length];
    }

    /// <summary>The state of some rows of a table, the outcome counted in a unit.</summary>
    public static BoostingState Of(
        BinnedFeatures bins, int[] rows, double[] outcome, double[]? weights, bool logistic, FitContext context, BoostingRoom? room = null, double unit = 1)
    {
        room ??= new BoostingRoom(context.Threads, rows.Length);
        float[] Own(double[] all, BoostingRoom.Use use, double by = 1)
        {
            var own = room.Floats(use, rows.Length);
            for (var p = 0; p < rows.Length; p++) own[p] = (float)(all[rows[p]] / by);
            return own;
        }
        var taken = rows.Length == bins.Rows ? bins : bins.Take(rows, context.Threads, room.Columns(bins.Width, rows.Length));
        return new BoostingState(taken, Own(outcome, BoostingRoom.Use.Outcome, unit), weights is null ? null : Own(weights, BoostingRoom.Use.Weight), logistic, context, room);
    }

    public BinnedFeatures Bins { get; }

    public bool Logistic { get; }

    /// <summary>Rows; the arrays may be longer.</summary>
    public int Count => Bins.Rows;

    /// <summary>What its trees are grown on.</summary>
    public PackedRows Rows { get; }

    /// <summary>Sum so far, before the link.</summary>
    public float[] Score { get; }

    public float[] Gradient { get; }

    public float[] Curvature { get; }

    /// <summary>Largest magnitude among the gradients.</summary>
    public float LargestGradient => largestGradient.Length == 0 ? 0 : TensorPrimitives.Max<float>(largestGradient);

    /// <summary>Largest curvature.</summary>
    public float LargestCurvature => largestCurvature.Length == 0 ? 0 : TensorPrimitives.Max<float>(largestCurvature);

    public void Derive() => InBlocks((from, count) =>
    {
        Span<float> g = Gradient.AsSpan(from, count), h = Curvature.AsSpan(from, count);
        ReadOnlySpan<float> y = outcome.AsSpan(from, count), score = Score.AsSpan(from, count);
        if (Logistic)
        {
            TensorPrimitives.Sigmoid(score, g);
            TensorPrimitives.Subtract(1f, g, h);
            TensorPrimitives.Multiply(g, h, h);
            TensorPrimitives.Max(h, 1e-6f, h);
            TensorPrimitives.Subtract(g, y, g);
        }
        else
        {
            TensorPrimitives.Subtract(score, y, g);
            h.Fill(1);
        }
        if (weights is not null)
        {
            TensorPrimitives.Multiply(g, weights.AsSpan(from, count), g);
            TensorPrimitives.Multiply(h, weights.AsSpan(from, count), h);
        }
        largestGradient[from / Block] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(g));
        largestCurvature[from / Block] = TensorPrimitives.Max<float>(h);
    });

    /// <summary>Weighted loss at the present scores.</summary>
    public double Loss()
    {
        const int Few = 512;
        Span<double> f = stackalloc double[Few], y = stackalloc double[Few], loss = stackalloc double[Few];
        double sum = 0;
        for (var from = 0; from < Count; from += Few)
        {
            var count = Math.Min(Few, Count - from);
            f = f[..count];
            y = y[..count];
            loss = loss[..count];
            TensorPrimitives.ConvertChecked<float, double>(Score.AsSpan(from, count), f);
            TensorPrimitives.ConvertChecked<float, double>(outcome.AsSpan(from, count), y);
            if (Logistic)
            {
                // max(f, 0) − f·y + ln(1 + e^−|f|), by vectors: it is asked for after every tree.
                TensorPrimitives.Abs<double>(f, loss);
                TensorPrimitives.Negate<double>(loss, loss);
                TensorPrimitives.Exp<double>(loss, loss);
                TensorPrimitives.Add(loss, 1, loss);
                TensorPrimitives.Log<double>(loss, loss);
                TensorPrimitives.Multiply<double>(f, y, y);
                TensorPrimitives.Subtract<double>(loss, y, loss);
                TensorPrimitives.Max(f, 0, f);
                TensorPrimitives.Add<double>(loss, f, loss);
            }
            else
            {
                TensorPrimitives.Subtract<double>(f, y, loss);
                TensorPrimitives.Multiply<double>(loss, loss, loss);
                TensorPrimitives.Multiply(loss, 0.5, loss);
            }
            if (weights is null)
            {
                sum += TensorPrimitives.Sum<double>(loss);
                continue;
            }
            TensorPrimitives.ConvertChecked<float, double>(weights.AsSpan(from, count), y);
            sum += TensorPrimitives.Dot<double>(loss, y);
        }
        return sum;
    }

    /// <summary>Runs over blocks of rows, at once where there are threads.</summary>
    public void InBlocks(Action<int, int> work) => ForkJoin.For(Blocks(Count), context.Threads, b => work(b * Block, Math.Min(Block, Count - b * Block)), context.Token);

    /// <summary>Adds a tree to the scores; <paramref name="factor"/> multiplies it row by row where given.</summary>
    public void Add(Tree tree, float[]? factor)
    {
        byte[][] columns = [.. tree.Features.Select(Bins.Column)];
        var limits = new byte[columns.Length];
        for (var k = 0; k < limits.Length; k++) limits[k] = (byte)Array.BinarySearch(Bins.Cuts(tree.Features[k]), tree.Thresholds[k]);
        if (LeafMasks.Fits(tree)) AddMasked(tree, columns, limits, factor);
        else AddWalking(tree, columns, limits, factor);
    }

    private void AddMasked(Tree tree, byte[][] columns, byte[] limits, float[]? factor)
    {
        const int Few = 4096;
        var masks = new LeafMasks(tree);
        // By the one bit that is left of a mask.
        var values = this.values;
        for (var leaf = 0; leaf < tree.Leaves.Length; leaf++) values[1 << leaf] = (float)tree.Leaves[leaf];
        if (columns.Length == 0) Array.Fill(values, (float)tree.Leaves[0]);
        InBlocks((start, length) =>
        {
            Span<byte> some = stackalloc byte[Few];
            for (var from = start; from < start + length; from += Few)
            {
                var mask = some[..Math.Min(Few, start + length - from)];
                mask.Fill((byte)((1 << tree.Leaves.Length) - 1));
                for (var k = 0; k < columns.Length; k++) masks.Apply(k, columns[k].AsSpan(from, mask.Length), limits[k], mask);
                var score = Score.AsSpan(from, mask.Length);
                if (factor is null)
                    for (var i = 0; i < mask.Length; i++) score[i] += values[mask[i]];
                else
                    for (var i = 0; i < mask.Length; i++) score[i] += factor[from + i] * values[mask[i]];
            }
        });
    }

    private void AddWalking(Tree tree, byte[][] columns, byte[] limits, float[]? factor)
    {
        float[] leaves = [.. tree.Leaves.Select(v => (float)v)];
        InBlocks((from, count) =>
        {
            for (var p = from; p < from + count; p++)
            {
                var node = 0;
                while (node >= 0) node = columns[node][p] <= limits[node] ? tree.Left[node] : tree.Right[node];
                Score[p] += factor is null ? leaves[~node] : factor[p] * leaves[~node];
            }
        });
    }

    private static int Blocks(int count) => (count + Block - 1) / Block;
}
