namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>A binary tree in arrays. A child below 0 is a leaf: leaf number ~child. A value at or below the threshold goes left.</summary>
/// <param name="Features">Feature of every node; empty for a single leaf.</param>
/// <param name="Thresholds">Threshold of every node.</param>
/// <param name="Left">Child for values at or below the threshold.</param>
/// <param name="Right">Child for values above.</param>
/// <param name="Leaves">Value of every leaf.</param>
public sealed record Tree(int[] Features, float[] Thresholds, int[] Left, int[] Right, double[] Leaves)
{
    /// <summary>The leaf's value of one encoded row.</summary>
    public double Value(ReadOnlySpan<float> row) => Leaves[Leaf(row)];

    /// <summary>The number of the leaf one encoded row falls into.</summary>
    public int Leaf(ReadOnlySpan<float> row)
    {
        if (Features.Length == 0) return 0;
        var node = 0;
        while (node >= 0) node = row[Features[node]] <= Thresholds[node] ? Left[node] : Right[node];
        return ~node;
    }
}
