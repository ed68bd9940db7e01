using CampaignManager.Engine.Uplift.Learners.Linear;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Engine.Uplift.Learners.Propensity;

/// <summary>
/// Estimates P(treated | x) where arms were not drawn at random: penalised logistic regression, boosted trees or their mean, whichever has the least log loss on
/// customers it has not seen.
/// </summary>
public static class PropensityEstimate
{
    private const int ChoiceFolds = 3;

    /// <summary>Rows the choice is made on; what is chosen is fitted on all.</summary>
    private const int ChoiceRows = 30_000;

    /// <summary>Chooses among the forms by cross-validated log loss and fits the best on all the rows.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="bins">The same, cut into bins.</param>
    /// <param name="treated">Arm per row.</param>
    /// <param name="customers">Customer per row, from 0: what cross-validation leaves out together.</param>
    /// <param name="rows">Rows of both arms to learn from, ascending.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static PropensityModel Fit(FeatureMatrix x, BinnedFeatures bins, bool[] treated, int[] customers, int[] rows, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(customers);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        if (rows.Length == 0) throw new ArgumentException("There are no rows to learn from.", nameof(rows));
        double[] arm = [.. treated.Select(t => t ? 1.0 : 0)];
        var form = Choose(x, bins, arm, customers, rows, context);
        return new PropensityModel(
            form, form == PropensityForm.Trees ? null : Logistic(x, arm, rows, context), form == PropensityForm.Logistic ? null : Boosted(bins, arm, customers, rows, context));
    }

    /// <summary>Training rows are predicted by fits on the other folds, all other rows by the fit on all training rows.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="bins">The same, cut into bins.</param>
    /// <param name="treated">Arm per row.</param>
    /// <param name="customers">Customer per row, from 0.</param>
    /// <param name="folds">Fold per row from 0, the same for all rows of a customer.</param>
    /// <param name="training">Training rows, ascending.</param>
    /// <param name="learns">Whether a row is of one of the two arms; rows of other arms are only predicted.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    public static CrossFittedPropensity CrossFit(
        FeatureMatrix x, BinnedFeatures bins, bool[] treated, int[] customers, int[] folds, int[] training, Func<int, bool> learns, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(learns);
        var count = training.Length == 0 ? 0 : training.Max(i => folds[i]) + 1;
        int[] all = [.. training.Where(learns)];
        var trains = new bool[x.Rows];
        foreach (var i in training) trains[i] = true;
        var values = new double[x.Rows];
        PropensityForm form = default;
        Parallel.For(0, count + 1, Threads.Of(context), fold =>
        {
            var learnt = fold == count ? all : [.. all.Where(i => folds[i] != fold)];
            var model = Fit(x, bins, treated, customers, learnt, Threads.One(context));
            if (fold == count) form = model.Form;
            for (var i = 0; i < values.Length; i++)
                if (trains[i] ? folds[i] == fold : fold == count) values[i] = model.Score(x.Row(i));
        });
        var share = all.Average(i => treated[i] ? 1.0 : 0);
        return new CrossFittedPropensity(values, form, all.Average(i => Loss(treated[i], values[i])), all.Average(i => Loss(treated[i], share)));
    }

    private static PropensityForm Choose(FeatureMatrix x, BinnedFeatures bins, double[] arm, int[] customers, int[] rows, FitContext context)
    {
        var step = (rows.Length + ChoiceRows - 1) / ChoiceRows;
        // Whole customers, so that none is on both sides.
        var sample = step <= 1 ? rows : [.. rows.Where(i => customers[i] % step == 0)];
        var losses = new double[3];
        for (var fold = 0; fold < ChoiceFolds; fold++)
        {
            int[] learning = [.. sample.Where(i => customers[i] / step % ChoiceFolds != fold)], judging = [.. sample.Where(i => customers[i] / step % ChoiceFolds == fold)];
            if (learning.Length == 0 || judging.Length == 0) continue;
            PropensityModel both = new(PropensityForm.Average, Logistic(x, arm, learning, context), Boosted(bins, arm, customers, learning, context));
            foreach (var i in judging)
            {
                double p = both.Logistic!.Score(x.Row(i)), q = both.Trees!.Score(x.Row(i));
                losses[(int)PropensityForm.Logistic] += Loss(arm[i] == 1, p);
                losses[(int)PropensityForm.Trees] += Loss(arm[i] == 1, q);
                losses[(int)PropensityForm.Average] += Loss(arm[i] == 1, (p + q) / 2);
            }
        }
        return (PropensityForm)Array.IndexOf(losses, losses.Min());
    }

    private static LinearScorer Logistic(FeatureMatrix x, double[] arm, int[] rows, FitContext context)
    {
        var design = LinearDesign.Of(x, rows, context);
        var coefficients = PenalisedRegression.Fit(
            design.Z, design.Size, new byte[design.Rows.Length], false, [.. design.Rows.Select(i => arm[i])], null, true, context)[0];
        return new LinearScorer(design.Scale, coefficients, true);
    }

    // Twice the trees of an outcome: what is not learnt here stays as bias, and customers who did not help to grow them say when it is enough.
    private static TreeEnsemble Boosted(BinnedFeatures bins, double[] arm, int[] customers, int[] rows, FitContext context)
    {
        var settings = BoostingSettings.ForOutcome(rows.Length);
        return OutcomeBooster.Fit(bins, rows, arm, null, true, settings with { Rounds = 2 * settings.Rounds }, context, customers);
    }

    private static double Loss(bool treated, double p)
    {
        p = Math.Clamp(p, 1e-9, 1 - 1e-9);
        return -Math.Log(treated ? p : 1 - p);
    }
}
