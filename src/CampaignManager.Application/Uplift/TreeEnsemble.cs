namespace CampaignManager.Application.Uplift;

/// <summary>A binary tree in arrays. A child below 0 is a leaf: leaf number ~child. A value at or below the threshold goes left.</summary>
public sealed record Tree(int[] Features, float[] Thresholds, int[] Left, int[] Right, double[] Leaves)
{
    public double Value(ReadOnlySpan<float> row)
    {
        if (Features.Length == 0)
            return Leaves[0];
        var node = 0;
        while (node >= 0)
            node = row[Features[node]] <= Thresholds[node] ? Left[node] : Right[node];
        return Leaves[~node];
    }
}

/// <summary>Boosted trees as a pure function: what LightGBM learnt, scored without it, by any number of threads.</summary>
/// <param name="Bias">Added to the sum of the trees.</param>
/// <param name="LogitSlope">0: the sum is the answer. Otherwise the answer is a probability 1 / (1 + exp(−slope · sum)).</param>
public sealed record TreeEnsemble(IReadOnlyList<Tree> Trees, double Bias, double LogitSlope)
{
    public static TreeEnsemble Constant(double value) => new([], value, 0);

    public double Score(ReadOnlySpan<float> row)
    {
        var sum = Bias;
        foreach (var tree in Trees)
            sum += tree.Value(row);
        return LogitSlope == 0 ? sum : 1 / (1 + Math.Exp(-LogitSlope * sum));
    }
}
