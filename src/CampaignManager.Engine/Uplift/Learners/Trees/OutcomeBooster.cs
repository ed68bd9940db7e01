using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>Gradient boosting of an outcome (Friedman 2001) with second-order leaves (Chen &amp; Guestrin 2016), on shared bins.</summary>
public static class OutcomeBooster
{
    /// <summary>Fits trees to an outcome.</summary>
    /// <param name="bins">Features of all rows.</param>
    /// <param name="rows">Training rows, ascending.</param>
    /// <param name="outcome">y of all rows.</param>
    /// <param name="weights">Weights of all rows; null for 1.</param>
    /// <param name="binary">Log-loss for 0/1 outcomes, otherwise squares.</param>
    /// <param name="settings">How far the trees may go.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    public static TreeEnsemble Fit(BinnedFeatures bins, int[] rows, double[] outcome, double[]? weights, bool binary, BoostingSettings settings, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        if (rows.Length == 0) return TreeEnsemble.Constant(0);
        double sum = 0, weight = 0, low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (int i in rows)
        {
            double w = weights?[i] ?? 1;
            sum += w * outcome[i];
            weight += w;
            low = Math.Min(low, outcome[i]);
            high = Math.Max(high, outcome[i]);
        }
        double mean = weight == 0 ? 0 : sum / weight;
        if (low == high || rows.Length < 2 * settings.SmallestLeaf || bins.Width == 0) return TreeEnsemble.Constant(mean);

        var state = new BoostingState(rows, [.. rows.Select(i => (float)outcome[i])], weights is null ? null : [.. rows.Select(i => (float)weights[i])], binary, context);
        double bias = binary ? Math.Log(mean / (1 - mean)) : mean;
        Array.Fill(state.Score, (float)bias);
        var trees = new List<Tree>();
        var grower = new TreeGrower(bins, settings, context.Threads);
        for (int round = 0; round < settings.Rounds; round++)
        {
            context.Token.ThrowIfCancellationRequested();
            var random = new SeededRandom(context.Seed).Fork((ulong)round);
            state.Derive();
            Tree tree = BoostingStep.Grow(grower, state, settings, null, random);
            if (tree.Features.Length == 0 && settings.FeatureShare >= 1 && settings.RowShare >= 1) break;
            trees.Add(tree);
            state.Add(tree, bins, null);
        }
        return new TreeEnsemble(trees, bias, binary ? 1 : 0);
    }
}
