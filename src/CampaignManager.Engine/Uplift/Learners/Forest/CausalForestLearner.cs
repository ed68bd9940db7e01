namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>A forest with what it says about its own training rows.</summary>
/// <param name="Model">The forest.</param>
/// <param name="OutOfBag">τ̂ per training row, from trees of bags that did not hold it; NaN when every bag did. Only m̂ and the choice of the leaf size, common to all rows, have seen it.</param>
/// <param name="OutOfBagVariance">Its variance; NaN when unknown.</param>
public sealed record FittedForest(CausalForestModel Model, double[] OutOfBag, double[] OutOfBagVariance);

/// <summary>
/// Honest causal forest with local centring (Wager &amp; Athey 2018; Athey, Tibshirani &amp; Wager 2019): trees split by heterogeneity of effects of
/// ỹ = y − m(x) on t̃ = t − e, with e known and m predicted out of fold. Trees grow in little bags that share a half of the rows, which gives standard errors.
/// Of very large tables a tree sees at most <see cref="ForestOptions.MostRowsPerTree"/> rows.
/// </summary>
/// <param name="options">How it is grown.</param>
/// <param name="outcomeModel">m̂ out of fold, in the order of the rows; when absent, a small regression forest.</param>
public sealed class CausalForestLearner(ForestOptions? options = null, Func<UpliftTask, int[], FitContext, double[]>? outcomeModel = null) : IUpliftLearner
{
    private readonly ForestOptions options = options ?? new ForestOptions();
    private readonly Func<UpliftTask, int[], FitContext, double[]> outcomeModel = outcomeModel ?? OutOfFoldMean.Predict;

    /// <inheritdoc/>
    public string Name => "forest";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no row, or an option is out of its range.</exception>
    public UpliftModel Fit(UpliftTask task, int[] rows, FitContext context) => FitForest(task, rows, context);

    /// <summary>As <see cref="Fit"/>, and predicts every training row out of bag.</summary>
    /// <exception cref="ArgumentException">There is no row, or an option is out of its range.</exception>
    public FittedForest FitWithOutOfBag(UpliftTask task, int[] rows, FitContext context)
    {
        var model = FitForest(task, rows, context);
        double[] effect = new double[rows.Length], variance = new double[rows.Length];
        ulong[] seeds = [.. Enumerable.Range(0, options.Bags).Select(bag => HalfSample.BagSeed(context.Seed, bag))];
        model.Estimate(task.X, rows, new HeldOut(seeds, null), effect, variance, context.Threads, context.Token);
        return new FittedForest(model, effect, variance);
    }

    private CausalForestModel FitForest(UpliftTask task, int[] rows, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        if (rows.Length == 0) throw new ArgumentException("A forest needs rows to grow on.", nameof(rows));
        options.Check();
        var mean = outcomeModel(task, rows, context);
        float[] outcome = new float[rows.Length], residual = new float[rows.Length], arm = new float[rows.Length];
        var treated = new bool[rows.Length];
        for (var p = 0; p < rows.Length; p++)
        {
            var row = rows[p];
            treated[p] = task.Treated[row];
            outcome[p] = (float)task.Outcome[row];
            residual[p] = (float)(task.Outcome[row] - mean[p]);
            arm[p] = (float)((treated[p] ? 1 : 0) - task.Propensity[row]);
        }
        var data = new ForestData(task.Bins, rows, outcome, residual, arm, treated);
        (var plan, var grown) = LeafSizeChoice.Choose(data, task.X, options, context);
        return CausalForestModel.Of(ForestGrowing.Grow(data, plan, context, grown, plan.Bags * plan.BagSize), task.Binary, plan.BagSize);
    }
}
