using CampaignManager.Engine.Uplift.Learners.Linear;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Uplift.Learners.Meta;

/// <summary>What a learner is built on.</summary>
public enum BaseLearner
{
    /// <summary>Boosted trees.</summary>
    Trees,

    /// <summary>Penalised linear or logistic regression.</summary>
    Linear,

    /// <summary>The same without those differences of effect that do not show; the outcome's own part stays.</summary>
    Sparse,
}

/// <summary>One model with treatment and its products with x as inputs (Künzel et al. 2019), the products penalised apart.</summary>
/// <param name="basis">Trees, or regression with interactions.</param>
public sealed class SLearner(BaseLearner basis = BaseLearner.Trees) : IUpliftLearner
{
    internal const int SinglePassFromRows = 50_000;

    /// <inheritdoc/>
    public string Name => "s";

    /// <inheritdoc/>
    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        task = TrainingRows.Winsorise(task, rows);
        var weights = TrainingRows.Weights(task, rows);
        if (basis != BaseLearner.Trees) return LinearHeads.Fit(task, rows, weights, together: true, context, basis == BaseLearner.Sparse);
        var effective = TrainingRows.Effective(task, rows);
        var parts = EffectBooster.Fit(task, rows, weights, BoostingSettings.ForOutcome(rows.Length), BoostingSettings.ForEffect(effective), context);
        return new CentredModel(parts, task.Binary);
    }

    /// <summary>For nuisances of many rows: a rougher and much quicker fit.</summary>
    internal static UpliftModel FitHastily(UpliftTask task, int[] rows, FitContext context)
    {
        if (rows.Length < SinglePassFromRows) return new SLearner().Fit(task, rows, context);
        BoostingSettings main = BoostingSettings.ForOutcome(rows.Length).Hasty(), effect = BoostingSettings.ForEffect(TrainingRows.Effective(task, rows)) with { Rounds = 20, Rate = 0.1 };
        return new CentredModel(EffectBooster.Fit(task, rows, TrainingRows.Weights(task, rows), main, effect, context), task.Binary);
    }
}

/// <summary>A model per arm (Künzel et al. 2019).</summary>
/// <param name="basis">Trees or regression.</param>
public sealed class TLearner(BaseLearner basis = BaseLearner.Trees) : IUpliftLearner
{
    /// <inheritdoc/>
    public string Name => "t";

    /// <inheritdoc/>
    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context)
    {
        task = TrainingRows.Winsorise(task, rows);
        var weights = TrainingRows.Weights(task, rows);
        return basis != BaseLearner.Trees ? LinearHeads.Fit(task, rows, weights, together: false, context) : FitTrees(task, rows, weights, context, new BoostingRoom(context.Threads));
    }

    /// <summary>On boosted trees.</summary>
    internal static OutcomeHeads FitTrees(UpliftTask task, int[] rows, double[]? weights, FitContext context, BoostingRoom room)
    {
        // One shrinkage for both arms, that of the smaller: arms fitted with different freedom would differ by that alone.
        var settings = BoostingSettings.ForOutcome(TrainingRows.Effective(task, rows) / 2);
        RowScorer Arm(bool treated) => OutcomeBooster.Fit(task.Bins, TrainingRows.OfArm(task, rows, treated), task.Outcome, weights, task.Binary, settings, context, null, room);
        return new OutcomeHeads(Arm(false), Arm(true));
    }
}

/// <summary>Regressions of the outcome in both arms.</summary>
internal static class LinearHeads
{
    /// <summary>Fits both arms, together with products of treatment and features or each for itself.</summary>
    public static UpliftModel Fit(UpliftTask task, int[] rows, double[]? weights, bool together, FitContext context, bool sparse = false)
    {
        var design = LinearDesign.Of(task.X, rows, context);
        var coefficients = together
            ? Regression(design, task, design.Rows, design.Z, weights, true, sparse, context)
            : [.. new[] { false, true }.Select(arm => Own(arm))];
        return new OutcomeHeads(new LinearScorer(design.Scale, coefficients[0], task.Binary), new LinearScorer(design.Scale, coefficients[1], task.Binary));

        double[] Own(bool arm)
        {
            int[] at = [.. Enumerable.Range(0, design.Rows.Length).Where(i => task.Treated[design.Rows[i]] == arm)];
            return Regression(design, task, [.. at.Select(i => design.Rows[i])], [.. at.Select(i => design.Z[i])], weights, false, false, context)[0];
        }
    }

    private static double[][] Regression(LinearDesign design, UpliftTask task, int[] rows, double[][] z, double[]? weights, bool twoArms, bool sparse, FitContext context) =>
        PenalisedRegression.Fit(
            z, design.Size, [.. rows.Select(i => twoArms && task.Treated[i] ? (byte)1 : (byte)0)], twoArms, [.. rows.Select(i => task.Outcome[i])],
            weights is null ? null : [.. rows.Select(i => weights[i])], task.Binary, context, sparse);
}
