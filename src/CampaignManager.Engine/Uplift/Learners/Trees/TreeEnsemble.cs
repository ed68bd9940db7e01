using System.Numerics.Tensors;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>A sum of trees as a pure function: scored by any number of threads.</summary>
/// <param name="Trees">The trees; their leaves hold the learning rate already.</param>
/// <param name="Bias">Added to the sum of the trees.</param>
/// <param name="LogitSlope">0: the sum is the answer. Otherwise the answer is a probability 1 / (1 + exp(−slope · sum)).</param>
public sealed record TreeEnsemble(IReadOnlyList<Tree> Trees, double Bias, double LogitSlope) : RowScorer
{
    // Made when first needed; two threads that make one at once make the same.
    private FlatTrees? flat;
    private BlockTrees? blocks;

    /// <summary>The same answer for everybody.</summary>
    public static TreeEnsemble Constant(double value) => new([], value, 0);

    /// <summary>The same in another unit: every sum by a factor. Not of probabilities.</summary>
    internal TreeEnsemble Times(double factor) => factor == 1
        ? this : new([.. Trees.Select(t => t with { Leaves = [.. t.Leaves.Select(leaf => leaf * factor)] })], Bias * factor, LogitSlope);

    /// <summary>The answer for one encoded row.</summary>
    public override double Score(ReadOnlySpan<float> row)
    {
        var sum = Sum(row);
        return LogitSlope == 0 ? sum : 1 / (1 + Math.Exp(-LogitSlope * sum));
    }

    /// <summary>Bias plus the trees, without the link.</summary>
    public double Sum(ReadOnlySpan<float> row)
    {
        var flat = this.flat ??= FlatTrees.Of(Trees);
        return Bias + flat.Sum(row);
    }

    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> values)
    {
        Sum(x, rows, values);
        if (LogitSlope == 0) return;
        for (var i = 0; i < values.Length; i++) values[i] = 1 / (1 + Math.Exp(-LogitSlope * values[i]));
    }

    /// <summary>Bias plus the trees of many rows, without the link.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Rows wanted.</param>
    /// <param name="sums">One a row wanted.</param>
    public void Sum(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> sums)
    {
        var blocks = this.blocks ??= new BlockTrees(Trees);
        sums.Clear();
        blocks.Add(x, rows, sums);
        TensorPrimitives.Add(sums, Bias, sums);
    }

    /// <summary>How often every feature is split on.</summary>
    /// <param name="width">Features of a row.</param>
    public int[] Splits(int width)
    {
        var splits = new int[width];
        foreach (var tree in Trees)
            foreach (var feature in tree.Features) splits[feature]++;
        return splits;
    }
}
