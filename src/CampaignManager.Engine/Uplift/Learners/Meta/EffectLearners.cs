using CampaignManager.Engine.Uplift.Learners.Linear;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Uplift.Learners.Meta;

/// <summary>A learner whose second stage builds on cross-fitted nuisances, which several learners may share.</summary>
public abstract class SecondStageLearner : IUpliftLearner
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        task = TrainingRows.Winsorise(task, rows);
        return Fit(task, rows, Nuisances.CrossFit(task, rows, context), context);
    }

    /// <summary>Fits the second stage.</summary>
    /// <param name="task">The data; money already tamed.</param>
    /// <param name="rows">Training rows, ascending.</param>
    /// <param name="nuisances">Cross-fitted on these rows.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    public abstract UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context);

    /// <summary>Regression of a pseudo-outcome that is unbiased for the effect.</summary>
    internal static RowScorer Regress(BaseLearner basis, UpliftTask task, int[] rows, double[] target, double[]? weights, FitContext context, BoostingRoom? room = null)
    {
        if (basis == BaseLearner.Trees)
            return OutcomeBooster.Fit(task.Bins, rows, target, weights, false, BoostingSettings.ForEffect(rows.Length), context, task.Folds, room);
        var design = LinearDesign.Of(task.X, rows, context);
        var coefficients = PenalisedRegression.Fit(
            design.Z, design.Size, new byte[design.Rows.Length], false, [.. design.Rows.Select(i => target[i])], weights is null ? null : [.. design.Rows.Select(i => weights[i])], false, context, basis == BaseLearner.Sparse)[0];
        return new LinearScorer(design.Scale, coefficients, false);
    }
}

/// <summary>Effects imputed by the other arm's predictor, learnt in each arm and blended by the propensity (Künzel et al. 2019).</summary>
/// <param name="basis">Of the second stage.</param>
public sealed class XLearner(BaseLearner basis = BaseLearner.Trees) : SecondStageLearner
{
    private const int Block = 1024;

    /// <inheritdoc/>
    public override string Name => "x";

    /// <summary>Of many rows by a model for each arm: the other arm's has not seen the row it imputes, so that nothing needs to be left out, and the second stage takes the rest.</summary>
    public override UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        if (rows.Length < SLearner.SinglePassFromRows) return base.Fit(task, rows, context);
        task = TrainingRows.Winsorise(task, rows);
        var room = new BoostingRoom(context.Threads);
        var arms = TLearner.FitTrees(task, rows, TrainingRows.Weights(task, rows), context, room);
        var imputed = new double[task.X.Rows];
        foreach (var treated in new[] { false, true })
            Impute(treated ? arms.Control : arms.Treated, task, TrainingRows.OfArm(task, rows, treated), imputed, context);
        return Blend(arms, task, rows, imputed, context, room);
    }

    /// <inheritdoc/>
    public override UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context)
    {
        var imputed = new double[task.X.Rows];
        foreach (var i in rows) imputed[i] = task.Treated[i] ? task.Outcome[i] - nuisances.Mu0[i] : nuisances.Mu1[i] - task.Outcome[i];
        return Blend(nuisances.Baseline, task, rows, imputed, context, new BoostingRoom(context.Threads));
    }

    // By blocks: nothing as long as the table is made beside what is imputed.
    private static void Impute(RowScorer other, UpliftTask task, int[] own, double[] imputed, FitContext context) =>
        ForkJoin.For((own.Length + Block - 1) / Block, context.Threads, block =>
        {
            Span<double> predicted = stackalloc double[Block];
            ReadOnlySpan<int> some = own.AsSpan(block * Block, Math.Min(Block, own.Length - block * Block));
            other.Score(task.X, some, predicted);
            for (var p = 0; p < some.Length; p++) imputed[some[p]] = task.Treated[some[p]] ? task.Outcome[some[p]] - predicted[p] : predicted[p] - task.Outcome[some[p]];
        }, context.Token);

    private EffectOnBaseline Blend(UpliftModel baseline, UpliftTask task, int[] rows, double[] imputed, FitContext context, BoostingRoom room)
    {
        var weights = TrainingRows.Weights(task, rows);
        RowScorer Arm(bool treated) => Regress(basis, task, TrainingRows.OfArm(task, rows, treated), imputed, weights, context, room);
        var e = TrainingRows.MeanPropensity(task, rows);
        return new EffectOnBaseline(baseline, [Arm(false), Arm(true)], [e, 1 - e]);
    }
}

/// <summary>Regression of AIPW scores (Kennedy 2023).</summary>
/// <param name="basis">Of the second stage.</param>
public sealed class DrLearner(BaseLearner basis = BaseLearner.Trees) : SecondStageLearner
{
    /// <inheritdoc/>
    public override string Name => "dr";

    /// <inheritdoc/>
    public override UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context) =>
        new EffectOnBaseline(nuisances.Baseline, [Regress(basis, task, rows, nuisances.Gamma, null, context)], [1]);
}

/// <summary>Residual on residual: target (y − m) / (t − e), weight (t − e)² (Nie &amp; Wager 2021).</summary>
/// <param name="basis">Of the second stage.</param>
public sealed class RLearner(BaseLearner basis = BaseLearner.Trees) : SecondStageLearner
{
    /// <inheritdoc/>
    public override string Name => "r";

    /// <inheritdoc/>
    public override UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context)
    {
        double[] target = new double[task.X.Rows], weights = new double[task.X.Rows];
        foreach (var i in rows)
        {
            var residual = (task.Treated[i] ? 1 : 0) - task.Propensity[i];
            target[i] = (task.Outcome[i] - nuisances.Mean(task, i)) / residual;
            weights[i] = residual * residual;
        }
        var mean = rows.Average(i => weights[i]);
        foreach (var i in rows) weights[i] /= mean;
        return new EffectOnBaseline(nuisances.Baseline, [Regress(basis, task, rows, target, weights, context)], [1]);
    }
}

/// <summary>Regression of the transformed outcome y·(t − e) / (e·(1 − e)) (Athey &amp; Imbens 2015; for e = ½ Jaskowski &amp; Jaroszewicz 2012): unbiased and noisy, for comparison.</summary>
/// <param name="basis">Of the regression.</param>
public sealed class ClassTransformation(BaseLearner basis = BaseLearner.Trees) : SecondStageLearner
{
    /// <inheritdoc/>
    public override string Name => "class";

    /// <inheritdoc/>
    public override UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context)
    {
        var target = new double[task.X.Rows];
        foreach (var i in rows)
        {
            var e = task.Propensity[i];
            target[i] = task.Outcome[i] * ((task.Treated[i] ? 1 : 0) - e) / (e * (1 - e));
        }
        return new EffectOnBaseline(nuisances.Baseline, [Regress(basis, task, rows, target, null, context)], [1]);
    }
}

/// <summary>The same effect for everybody: the honest floor.</summary>
public sealed class ConstantEffect : SecondStageLearner
{
    /// <inheritdoc/>
    public override string Name => "ate";

    /// <inheritdoc/>
    public override UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context) =>
        new EffectOnBaseline(nuisances.Baseline, [TreeEnsemble.Constant(rows.Length == 0 ? 0 : rows.Average(i => nuisances.Gamma[i]))], [1]);
}

/// <summary>The best split by a single feature found on the training rows: what a marketer would do by hand, and hard to beat.</summary>
public sealed class BestRule : SecondStageLearner
{
    private const double SmallestShare = 0.05;

    /// <inheritdoc/>
    public override string Name => "rule";

    /// <inheritdoc/>
    public override UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context) =>
        new EffectOnBaseline(nuisances.Baseline, [Find(task.Bins, rows, nuisances.Gamma)], [1]);

    private static RuleScorer Find(BinnedFeatures bins, int[] rows, double[] gamma)
    {
        double total = 0;
        foreach (var i in rows) total += gamma[i];
        double mean = rows.Length == 0 ? 0 : total / rows.Length, best = 0;
        var rule = new RuleScorer(-1, 0, mean, mean);
        var smallest = Math.Max(30, SmallestShare * rows.Length);
        for (var feature = 0; feature < bins.Width; feature++)
        {
            var sums = new double[bins.Bins(feature)];
            var counts = new int[sums.Length];
            var column = bins.Column(feature);
            foreach (var i in rows)
            {
                sums[column[i]] += gamma[i];
                counts[column[i]]++;
            }
            double left = 0, n = 0;
            for (var b = 0; b + 1 < sums.Length; b++)
            {
                left += sums[b];
                n += counts[b];
                var m = rows.Length - n;
                if (n < smallest || m < smallest) continue;
                var gain = (left / n - (total - left) / m) * (left / n - (total - left) / m) * n * m;
                if (gain <= best) continue;
                best = gain;
                rule = new RuleScorer(feature, bins.Cuts(feature)[b], left / n, (total - left) / m);
            }
        }
        return rule;
    }
}
