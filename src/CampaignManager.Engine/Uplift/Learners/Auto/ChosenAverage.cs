using CampaignManager.Engine.Uplift.Learners.Meta;

namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>The average that <c>auto</c> has decided on: members and slopes are fixed, the members are fitted anew.</summary>
/// <param name="candidates">All candidates.</param>
/// <param name="slopes">How much of the differences that each predicts, in units of its spread, comes true; 0 leaves it out.</param>
/// <param name="spreads">Standard deviation of τ̂ of each among rows it had not seen.</param>
internal sealed class ChosenAverage(IReadOnlyList<AutoCandidate> candidates, double[] slopes, double[] spreads) : SecondStageLearner
{
    public override string Name => "auto";

    public override UpliftModel Fit(UpliftTask task, int[] rows, Nuisances nuisances, FitContext context)
    {
        int[] kept = [.. Enumerable.Range(0, slopes.Length).Where(c => slopes[c] != 0)];
        var parts = new UpliftModel[kept.Length];
        var means = new double[kept.Length];
        Parallel.For(0, kept.Length, Threads.Of(context), k =>
        {
            parts[k] = Fit(candidates[kept[k]].Learner, task, rows, nuisances, Threads.One(context));
            double[] mu0 = new double[rows.Length], mu1 = new double[rows.Length];
            parts[k].Predict(task.X, rows, mu0, mu1, token: context.Token);
            double sum = 0;
            for (var i = 0; i < rows.Length; i++) sum += mu1[i] - mu0[i];
            means[k] = sum / rows.Length;
        });
        double whole = slopes.Sum(), effect = rows.Average(i => nuisances.Gamma[i]);
        return new AveragedModel(nuisances.Baseline, parts, [.. kept.Select(c => slopes[c] / whole)], means, [.. kept.Select(c => spreads[c])], effect, whole);
    }

    /// <summary>Fits a learner, with the nuisances where it takes some.</summary>
    public static UpliftModel Fit(IUpliftLearner learner, UpliftTask task, int[] rows, Nuisances nuisances, FitContext context) =>
        learner is SecondStageLearner second ? second.Fit(task, rows, nuisances, context) : learner.Fit(task, rows, context);
}
