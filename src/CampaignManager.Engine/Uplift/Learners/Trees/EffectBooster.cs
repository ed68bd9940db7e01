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
/// constant before the link: for probabilities it then grows with the baseline, which is what campaigns usually do. How many trees the effect gets is
/// decided by what they take off the loss of a quarter of the customers, before all are fitted.
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
        double treated = 0, total = 0;
        foreach (var i in rows)
        {
            var weight = weights?[i] ?? 1;
            total += weight;
            if (task.Treated[i]) treated += weight;
        }
        var centre = total == 0 ? 0.5 : treated / total;
        // As in OutcomeBooster: in shares of the largest amount, whatever unit it is counted in.
        var unit = task.Binary || rows.Length == 0 ? 1 : rows.Max(i => Math.Abs(task.Outcome[i]));
        if (unit == 0) unit = 1;
        var rounds = effect.Rounds;
        var room = new BoostingRoom(context.Threads, rows.Length);
        if (Validation.Pays(rows.Length, effect))
        {
            (var learning, var judging) = Validation.Split(rows, task.Folds);
            var gains = new double[effect.Rounds];
            var judged = new Part(task, judging, weights, centre, unit, context, new BoostingRoom(context.Threads, judging.Length));
            Boost(new Part(task, learning, weights, centre, unit, context, room), judged, main, effect, effect.Rounds, gains);
            rounds = Math.Max(Validation.Best(gains), effect.KeptAnyway);
        }
        var parts = Boost(new Part(task, rows, weights, centre, unit, context, room), null, main, effect, rounds, null);
        return parts with { Main = parts.Main.Times(unit), Effect = parts.Effect.Times(unit) };
    }

    // gains is filled with what each effect tree took off the loss of the judging rows; main trees are not counted.
    private static CentredEnsembles Boost(Part learning, Part? judging, BoostingSettings main, BoostingSettings effect, int effectRounds, double[]? gains)
    {
        var context = learning.Context;
        (var a, var d) = learning.Constants();
        learning.Start(a, d);
        judging?.Start(a, d);
        List<Tree> mainTrees = [], effectTrees = [];
        var mainStep = new BoostingStep(main, learning.State, context);
        var effectStep = new BoostingStep(effect, learning.State, context);
        for (var round = 0; round < main.Rounds && learning.State.Bins.Width > 0; round++)
        {
            context.Token.ThrowIfCancellationRequested();
            var random = new SeededRandom(context.Seed).Fork((ulong)round);
            Add(mainStep, null, mainTrees, random);
            var before = gains is null ? 0 : judging!.State.Loss();
            // Spread over the rounds, so that an effect is looked for in what the main part has left.
            var due = (int)((long)(round + 1) * effect.Rounds / main.Rounds);
            while (effectTrees.Count < Math.Min(due, effectRounds))
            {
                Add(effectStep, learning.Factor, effectTrees, random);
                if (gains is null) continue;
                var now = judging!.State.Loss();
                gains[effectTrees.Count - 1] = before - now;
                before = now;
            }
        }
        return new CentredEnsembles(new TreeEnsemble(mainTrees, a, 0), new TreeEnsemble(effectTrees, d, 0), learning.Centre);

        void Add(BoostingStep step, float[]? factor, List<Tree> trees, SeededRandom random)
        {
            learning.State.Derive();
            var tree = step.Grow(factor, random);
            trees.Add(tree);
            learning.State.Add(tree, factor);
            judging?.State.Add(tree, factor is null ? null : judging.Factor);
        }
    }

    /// <summary>Rows with their scores and centred treatments.</summary>
    private sealed class Part
    {
        private readonly (double Weight, double Outcome)[] arms = new (double, double)[2];

        public Part(UpliftTask task, int[] rows, double[]? weights, double centre, double unit, FitContext context, BoostingRoom room)
        {
            (Centre, Context) = (centre, context);
            Factor = new float[rows.Length];
            for (var p = 0; p < rows.Length; p++)
            {
                int i = rows[p], arm = task.Treated[i] ? 1 : 0;
                var weight = weights?[i] ?? 1;
                Factor[p] = (float)(arm - centre);
                arms[arm] = (arms[arm].Weight + weight, arms[arm].Outcome + weight * task.Outcome[i] / unit);
            }
            State = BoostingState.Of(task.Bins, rows, task.Outcome, weights, task.Binary, context, room, unit);
        }

        public double Centre { get; }

        public FitContext Context { get; }

        public BoostingState State { get; }

        public float[] Factor { get; }

        public void Start(double a, double d)
        {
            for (var p = 0; p < Factor.Length; p++) State.Score[p] = (float)(a + Factor[p] * d);
        }

        /// <summary>a and d before any tree, by Newton's method on the sums of both arms: the average effect is never penalised.</summary>
        public (double A, double D) Constants()
        {
            double a = 0, d = 0;
            for (var step = 0; step < 30; step++)
            {
                // An arm without a single buyer must not run away.
                double g = 0, h = 0.1, gf = 0, hf = 0, hff = 0.1;
                for (var arm = 0; arm < 2; arm++)
                {
                    (var weight, var outcome) = arms[arm];
                    double f = arm - Centre, score = a + f * d, mean = State.Logistic ? 1 / (1 + Math.Exp(-score)) : score;
                    double gradient = weight * mean - outcome, curvature = weight * (State.Logistic ? Math.Max(1e-6, mean * (1 - mean)) : 1);
                    g += gradient;
                    h += curvature;
                    gf += gradient * f;
                    hf += curvature * f;
                    hff += curvature * f * f;
                }
                var det = h * hff - hf * hf;
                if (!(det > 0)) break;
                double stepA = Math.Clamp((g * hff - gf * hf) / det, -4, 4), stepD = Math.Clamp((gf * h - g * hf) / det, -4, 4);
                a -= stepA;
                d -= stepD;
                if (Math.Abs(stepA) + Math.Abs(stepD) < 1e-9) break;
            }
            return (a, d);
        }
    }
}
