using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Trees;

/// <summary>Boosted S-learner: f(x, t) = a(x) + (t − ē)·d(x) before the link.</summary>
/// <param name="Main">a: what a customer does anyway, at the average treatment.</param>
/// <param name="Effect">d: what treatment changes, its bias included.</param>
/// <param name="Centre">ē.</param>
public sealed record CentredEnsembles(TreeEnsemble Main, TreeEnsemble Effect, double Centre);

/// <summary>
/// Boosts a main part and a part that treatment multiplies in turns, each with its own caution, as in Bayesian causal forests (Hahn, Murray &amp; Carvalho 2020).
/// Treatment is centred at ē, so that what is learnt about the outcome does not leak into the effect. With no trees in the effect part the effect is
/// constant before the link: for probabilities it then grows with the baseline, which is what campaigns usually do.
/// </summary>
public static class EffectBooster
{
    /// <summary>Fits both parts.</summary>
    /// <param name="task">The data.</param>
    /// <param name="rows">Training rows, ascending.</param>
    /// <param name="weights">Weights of all rows; null for 1.</param>
    /// <param name="main">How far the main part may go.</param>
    /// <param name="effect">How far the effect part may go.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    public static CentredEnsembles Fit(UpliftTask task, int[] rows, double[]? weights, BoostingSettings main, BoostingSettings effect, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(effect);
        ArgumentNullException.ThrowIfNull(context);
        float[]? w = weights is null ? null : [.. rows.Select(i => (float)weights[i])];
        double treated = 0, total = 0;
        for (int p = 0; p < rows.Length; p++)
        {
            double weight = w?[p] ?? 1;
            total += weight;
            if (task.Treated[rows[p]]) treated += weight;
        }
        double centre = total == 0 ? 0.5 : treated / total;
        float[] factor = [.. rows.Select(i => (float)((task.Treated[i] ? 1 : 0) - centre))];
        var state = new BoostingState(rows, [.. rows.Select(i => (float)task.Outcome[i])], w, task.Binary, context);
        (double a, double d) = Constants(state, factor);

        List<Tree> mainTrees = [], effectTrees = [];
        var mainGrower = new TreeGrower(task.Bins, main, context.Threads);
        var effectGrower = new TreeGrower(task.Bins, effect, context.Threads);
        for (int round = 0; round < Math.Max(main.Rounds, effect.Rounds) && task.Bins.Width > 0; round++)
        {
            context.Token.ThrowIfCancellationRequested();
            var random = new SeededRandom(context.Seed).Fork((ulong)round);
            if (round < main.Rounds)
            {
                state.Derive();
                Tree tree = BoostingStep.Grow(mainGrower, state, main, null, random);
                mainTrees.Add(tree);
                state.Add(tree, task.Bins, null);
            }
            // Spread over the rounds, so that an effect is looked for in what the main part has left.
            if ((long)(round + 1) * effect.Rounds / Math.Max(1, main.Rounds) > (long)round * effect.Rounds / Math.Max(1, main.Rounds))
            {
                state.Derive();
                Tree tree = BoostingStep.Grow(effectGrower, state, effect, factor, random);
                effectTrees.Add(tree);
                state.Add(tree, task.Bins, factor);
            }
        }
        return new CentredEnsembles(new TreeEnsemble(mainTrees, a, 0), new TreeEnsemble(effectTrees, d, 0), centre);
    }

    // The two constants by Newton's method, before any tree: the average effect is never penalised.
    private static (double A, double D) Constants(BoostingState state, float[] factor)
    {
        double a = 0, d = 0;
        for (int step = 0; step < 30; step++)
        {
            for (int p = 0; p < state.Score.Length; p++) state.Score[p] = (float)(a + factor[p] * d);
            state.Derive();
            double g = 0, h = 0, gf = 0, hf = 0, hff = 0;
            for (int p = 0; p < factor.Length; p++)
            {
                double gp = state.Gradient[p], hp = state.Curvature[p], f = factor[p];
                g += gp;
                h += hp;
                gf += gp * f;
                hf += hp * f;
                hff += hp * f * f;
            }
            // An arm without a single buyer must not run away.
            h += 0.1;
            hff += 0.1;
            double det = h * hff - hf * hf;
            if (!(det > 0)) break;
            double stepA = Math.Clamp((g * hff - gf * hf) / det, -4, 4), stepD = Math.Clamp((gf * h - g * hf) / det, -4, 4);
            a -= stepA;
            d -= stepD;
            if (Math.Abs(stepA) + Math.Abs(stepD) < 1e-9) break;
        }
        for (int p = 0; p < state.Score.Length; p++) state.Score[p] = (float)(a + factor[p] * d);
        return (a, d);
    }
}
