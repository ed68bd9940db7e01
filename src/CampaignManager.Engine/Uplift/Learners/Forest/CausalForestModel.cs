using System.Text.Json.Serialization;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>A fitted causal forest: all trees in flat arrays, one after the other. The right child of a node follows its left one.</summary>
public sealed record CausalForestModel : UpliftModel
{
    private const int Chunk = 256;

    /// <summary>Whether μ0 is a probability.</summary>
    public required bool Binary { get; init; }

    /// <summary>Trees that share a half-sample; they follow each other.</summary>
    public required int BagSize { get; init; }

    /// <summary>Root node of every tree.</summary>
    [JsonConverter(typeof(PackedArray<int>))]
    public required int[] Roots { get; init; }

    /// <summary>Feature of a node; −1 for a leaf.</summary>
    [JsonConverter(typeof(PackedArray<int>))]
    public required int[] Features { get; init; }

    /// <summary>Values above go right.</summary>
    [JsonConverter(typeof(PackedArray<float>))]
    public required float[] Thresholds { get; init; }

    /// <summary>Left child of a node; of a leaf, its index.</summary>
    [JsonConverter(typeof(PackedArray<int>))]
    public required int[] Children { get; init; }

    /// <summary>Six means a leaf over its estimation rows: ỹ, t̃, t̃ỹ, t̃², y, t; NaN for a leaf without rows.</summary>
    [JsonConverter(typeof(PackedArray<float>))]
    public required float[] Leaves { get; init; }

    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        ArgumentNullException.ThrowIfNull(x);
        var sums = new double[rows.Length * (LeafMeans.Count + 1)];
        // Tree by tree: one tree's nodes stay in the first cache while all rows of the chunk go through it.
        foreach (var root in Roots)
        {
            for (var i = 0; i < rows.Length; i++)
                ForestEstimate.Add(Leaves, Leaf(root, x.Row(rows[i])), sums.AsSpan(i * (LeafMeans.Count + 1), LeafMeans.Count + 1));
        }
        for (var i = 0; i < rows.Length; i++)
        {
            var estimate = ForestEstimate.Of(sums.AsSpan(i * (LeafMeans.Count + 1), LeafMeans.Count + 1));
            mu0[i] = Binary ? Math.Clamp(estimate.Control, 0, 1) : estimate.Control;
            mu1[i] = mu0[i] + estimate.Effect;
        }
    }

    /// <summary>
    /// τ̂ and its standard error by the bootstrap of little bags (Sexton &amp; Laake 2009; Athey, Tibshirani &amp; Wager 2019, §4): the variance between
    /// the means of bags, less what the spread within bags explains, kept above 0 by the mean of its posterior under a flat prior.
    /// </summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Rows to predict; not rows of the training data (for those see <see cref="FittedForest"/>).</param>
    /// <param name="effect">τ̂, in the order of <paramref name="rows"/>.</param>
    /// <param name="error">Standard error, in the outcome's unit; NaN when a bag has one tree.</param>
    /// <param name="threads">Threads; the answer does not depend on them.</param>
    /// <param name="token">Ends the work early.</param>
    public void ScoreWithError(FeatureMatrix x, int[] rows, double[] effect, double[] error, int threads = 1, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(error);
        Estimate(x, rows, null, effect, error, threads, token);
        for (var i = 0; i < error.Length; i++) error[i] = Math.Sqrt(error[i]);
    }

    // With bags held against the rows, a row's estimate uses only those whose half-sample does not hold it.
    internal void Estimate(FeatureMatrix x, int[] rows, HeldOut? heldOut, double[] effect, double[] variance, int threads, CancellationToken token)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = token };
        Parallel.For(0, (rows.Length + Chunk - 1) / Chunk, options, () => new int[Chunk * Roots.Length], (chunk, _, leaves) =>
        {
            int from = chunk * Chunk, count = Math.Min(Chunk, rows.Length - from);
            for (var tree = 0; tree < Roots.Length; tree++)
            {
                for (var i = 0; i < count; i++)
                {
                    var seen = heldOut is not null && heldOut.Sees(tree / BagSize, from + i);
                    leaves[i * Roots.Length + tree] = seen ? -1 : Leaf(Roots[tree], x.Row(rows[from + i]));
                }
            }
            for (var i = 0; i < count; i++)
                (effect[from + i], variance[from + i]) = ForestEstimate.WithVariance(Leaves, leaves.AsSpan(i * Roots.Length, Roots.Length), BagSize);
            return leaves;
        }, _ => { });
    }

    private int Leaf(int node, ReadOnlySpan<float> x)
    {
        int[] features = Features, children = Children;
        var thresholds = Thresholds;
        for (var feature = features[node]; feature >= 0; feature = features[node]) node = children[node] + (x[feature] > thresholds[node] ? 1 : 0);
        return children[node];
    }

    internal static CausalForestModel Of(GrownTree[] trees, bool binary, int bagSize)
    {
        int nodes = trees.Sum(tree => tree.Features.Length), leaves = trees.Sum(tree => tree.Leaves.Length), node = 0, leaf = 0;
        var model = new CausalForestModel { Binary = binary, BagSize = bagSize, Roots = new int[trees.Length], Features = new int[nodes], Thresholds = new float[nodes], Children = new int[nodes], Leaves = new float[leaves] };
        for (var t = 0; t < trees.Length; t++)
        {
            var tree = trees[t];
            model.Roots[t] = node;
            tree.Features.CopyTo(model.Features, node);
            tree.Thresholds.CopyTo(model.Thresholds, node);
            tree.Leaves.CopyTo(model.Leaves, leaf);
            for (var i = 0; i < tree.Children.Length; i++) model.Children[node + i] = tree.Children[i] + (tree.Features[i] < 0 ? leaf / LeafMeans.Count : node);
            node += tree.Features.Length;
            leaf += tree.Leaves.Length;
        }
        return model;
    }
}
