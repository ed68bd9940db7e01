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
    /// <param name="customers">Customer of all rows: a quarter of them decides how many of the rounds are kept; null keeps all.</param>
    public static TreeEnsemble Fit(BinnedFeatures bins, int[] rows, double[] outcome, double[]? weights, bool binary, BoostingSettings settings, FitContext context, int[]? customers = null) =>
        Fit(bins, rows, outcome, weights, binary, settings, context, customers, null);

    /// <summary>The same in arrays that are there.</summary>
    internal static TreeEnsemble Fit(BinnedFeatures bins, int[] rows, double[] outcome, double[]? weights, bool binary, BoostingSettings settings, FitContext context, int[]? customers, BoostingRoom? room)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        if (rows.Length == 0) return TreeEnsemble.Constant(0);
        double sum = 0, weight = 0, low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var i in rows)
        {
            var w = weights?[i] ?? 1;
            sum += w * outcome[i];
            weight += w;
            low = Math.Min(low, outcome[i]);
            high = Math.Max(high, outcome[i]);
        }
        var mean = weight == 0 ? 0 : sum / weight;
        if (low == high || rows.Length < 2 * settings.SmallestLeaf || bins.Width == 0) return TreeEnsemble.Constant(mean);

        room ??= new BoostingRoom(context.Threads, rows.Length);
        // Amounts are learnt in shares of the largest: what is found does not hang on the unit that they are counted in.
        var unit = binary ? 1 : Math.Max(Math.Abs(low), Math.Abs(high));
        var bias = (binary ? Math.Log(mean / (1 - mean)) : mean) / unit;
        if (customers is not null && Validation.Pays(rows.Length, settings))
        {
            (var learning, var judging) = Validation.Split(rows, customers);
            var gains = new double[settings.Rounds];
            Boost(State(learning, room), State(judging, new BoostingRoom(context.Threads, judging.Length)), bias, settings, gains, context);
            settings = settings with { Rounds = Math.Max(Validation.Best(gains), settings.KeptAnyway) };
        }
        var trees = Boost(State(rows, room), null, bias, settings, [], context);
        return new TreeEnsemble(trees, bias, binary ? 1 : 0).Times(unit);

        BoostingState State(int[] some, BoostingRoom own) => BoostingState.Of(bins, some, outcome, weights, binary, context, own, unit);
    }

    private static List<Tree> Boost(BoostingState learning, BoostingState? judging, double bias, BoostingSettings settings, double[] gains, FitContext context)
    {
        Array.Fill(learning.Score, (float)bias);
        if (judging is not null) Array.Fill(judging.Score, (float)bias);
        var trees = new List<Tree>();
        var step = new BoostingStep(settings, learning, context);
        var loss = judging?.Loss() ?? 0;
        for (var round = 0; round < settings.Rounds; round++)
        {
            context.Token.ThrowIfCancellationRequested();
            learning.Derive();
            var tree = step.Grow(null, new SeededRandom(context.Seed).Fork((ulong)round));
            trees.Add(tree);
            learning.Add(tree, null);
            if (judging is null) continue;
            judging.Add(tree, null);
            var now = judging.Loss();
            gains[round] = loss - now;
            loss = now;
        }
        return trees;
    }
}
