using CampaignManager.Engine.Uplift.Learners;

namespace CampaignManager.Engine.Uplift.Explanation;

/// <summary>A regression tree in the form that explanations are worked out on. Node 0 is the root; a child below 0 is leaf ~child. A tree without nodes is its leaf 0.</summary>
/// <param name="Feature">Feature of a node.</param>
/// <param name="Threshold">A value up to it goes left.</param>
/// <param name="Left">Left child of a node.</param>
/// <param name="Right">Right child of a node.</param>
/// <param name="Value">Value of a leaf.</param>
/// <param name="Cover">Training rows: of the nodes first, then of the leaves; empty until <see cref="CoverOf"/> has counted them.</param>
public sealed record ExplainedTree(int[] Feature, float[] Threshold, int[] Left, int[] Right, double[] Value, double[] Cover)
{
    /// <summary>Training rows that reach a child.</summary>
    public double CoverAt(int child) => child >= 0 ? Cover[child] : Cover[Feature.Length + ~child];

    /// <summary>The leaf a row falls into.</summary>
    public int LeafOf(ReadOnlySpan<float> row)
    {
        var node = Feature.Length == 0 ? -1 : 0;
        while (node >= 0) node = row[Feature[node]] <= Threshold[node] ? Left[node] : Right[node];
        return ~node;
    }

    /// <summary>Mean prediction over the training rows: Σ leaf value · cover ÷ cover of the root.</summary>
    public double Expected
    {
        get
        {
            double sum = 0, cover = 0;
            for (var leaf = 0; leaf < Value.Length; leaf++)
            {
                sum += Value[leaf] * Cover[Feature.Length + leaf];
                cover += Cover[Feature.Length + leaf];
            }
            return cover == 0 ? 0 : sum / cover;
        }
    }

    /// <summary>The same tree with its training rows counted.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Training rows.</param>
    public ExplainedTree CoverOf(FeatureMatrix x, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(x);
        var cover = new double[Feature.Length + Value.Length];
        foreach (var row in rows)
        {
            ReadOnlySpan<float> values = x.Row(row);
            var node = Feature.Length == 0 ? -1 : 0;
            while (node >= 0)
            {
                cover[node]++;
                node = values[Feature[node]] <= Threshold[node] ? Left[node] : Right[node];
            }
            cover[Feature.Length + ~node]++;
        }
        return this with { Cover = cover };
    }
}
