using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Uplift.Explanation;

/// <summary>Boosted trees that imitate a model's τ̂, whatever the model is, so that exact Shapley values can be had of it.</summary>
/// <param name="Trees">With covers.</param>
/// <param name="Expected">Mean prediction over the rows it was fitted on.</param>
/// <param name="Fidelity">R² to τ̂ on rows it was not fitted on; NaN where τ̂ is the same for all.</param>
public sealed record Surrogate(IReadOnlyList<ExplainedTree> Trees, double Expected, double Fidelity)
{
    private static readonly BoostingSettings Settings = new(Leaves: 8, SmallestLeaf: 20, Rate: 0.2, Rounds: 60, L2: 1);

    /// <summary>Imitates.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="bins">The same, binned.</param>
    /// <param name="uplift">τ̂ of every row of the table.</param>
    /// <param name="fitted">Rows to learn from.</param>
    /// <param name="judged">Other rows, for the fidelity.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    public static Surrogate Of(FeatureMatrix x, BinnedFeatures bins, double[] uplift, int[] fitted, int[] judged, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentNullException.ThrowIfNull(judged);
        // Differences of a millionth are still differences to be imitated: trees see them in units of their own spread.
        double mean = fitted.Length == 0 ? 0 : fitted.Average(i => uplift[i]), spread = Math.Sqrt(fitted.Sum(i => (uplift[i] - mean) * (uplift[i] - mean)) / Math.Max(1, fitted.Length));
        if (!(spread > 1e-12)) return new Surrogate([], mean, double.NaN);
        var target = new double[uplift.Length];
        foreach (var i in fitted) target[i] = (uplift[i] - mean) / spread;
        var ensemble = OutcomeBooster.Fit(bins, fitted, target, null, false, Settings with { SmallestLeaf = Math.Max(20, fitted.Length / 500) }, context);
        var trees = new ExplainedTree[ensemble.Trees.Count];
        Parallel.For(0, trees.Length, Threads.Of(context), t =>
        {
            var tree = ensemble.Trees[t];
            trees[t] = new ExplainedTree(tree.Features, tree.Thresholds, tree.Left, tree.Right, [.. tree.Leaves.Select(l => l * spread)], []).CoverOf(x, fitted);
        });
        var expected = mean + ensemble.Bias * spread + trees.Sum(t => t.Expected);
        double level = judged.Length == 0 ? 0 : judged.Average(i => uplift[i]), total = 0, missed = 0;
        foreach (var i in judged)
        {
            var said = mean + spread * ensemble.Score(x.Row(i));
            missed += (uplift[i] - said) * (uplift[i] - said);
            total += (uplift[i] - level) * (uplift[i] - level);
        }
        return new Surrogate(trees, expected, total > 0 ? 1 - missed / total : double.NaN);
    }

    /// <summary>Contributions of every feature to rows' τ̂: with <see cref="Expected"/> they add up to the surrogate's prediction.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="rows">Rows to explain.</param>
    /// <param name="threads">Threads; the answer does not depend on them.</param>
    /// <param name="token">Ends the work early.</param>
    public double[][] Explain(FeatureMatrix x, int[] rows, int threads = 1, CancellationToken token = default) => TreeShap.Explain(Trees, x, rows, threads, token);
}
