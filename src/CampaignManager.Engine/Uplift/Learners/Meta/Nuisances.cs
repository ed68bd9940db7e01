namespace CampaignManager.Engine.Uplift.Learners.Meta;

/// <summary>Predicted outcomes of both arms, each row's from fits that left its customer out, and the unbiased scores made of them (<see cref="Aipw"/>).</summary>
/// <param name="Mu0">Outcome without treatment, by row of the table; NaN for rows not trained on.</param>
/// <param name="Mu1">Outcome with treatment, likewise.</param>
/// <param name="Gamma">Γ, likewise.</param>
/// <param name="Baseline">The same predictor fitted on all the rows, for rows to come.</param>
public sealed record Nuisances(double[] Mu0, double[] Mu1, double[] Gamma, UpliftModel Baseline)
{
    /// <summary>Folds of cross-fitting.</summary>
    public const int FoldCount = 5;

    /// <summary>m(x) = E[y | x] = (1 − e) μ0 + e μ1.</summary>
    public double Mean(UpliftTask task, int row) => (1 - task.Propensity[row]) * Mu0[row] + task.Propensity[row] * Mu1[row];

    /// <summary>Cross-fits the S-learner by customers.</summary>
    /// <param name="task">The data.</param>
    /// <param name="rows">Training rows, ascending.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    public static Nuisances CrossFit(UpliftTask task, int[] rows, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rows);
        double[] mu0 = Empty(task.X.Rows), mu1 = Empty(task.X.Rows), gamma = Empty(task.X.Rows);
        UpliftModel? baseline = null;
        Parallel.For(0, FoldCount + 1, Threads.Of(context), fold =>
        {
            if (fold == FoldCount)
            {
                baseline = SLearner.FitHastily(task, rows, Threads.One(context));
                return;
            }
            int[] own = [.. rows.Where(i => task.Folds[i] % FoldCount == fold)], others = [.. rows.Where(i => task.Folds[i] % FoldCount != fold)];
            if (own.Length > 0) PredictInto(SLearner.FitHastily(task, others, Threads.One(context)), task.X, own, mu0, mu1, Threads.One(context));
        });
        foreach (var i in rows)
        {
            var e = task.Propensity[i];
            gamma[i] = mu1[i] - mu0[i] + (task.Treated[i] ? (task.Outcome[i] - mu1[i]) / e : -(task.Outcome[i] - mu0[i]) / (1 - e));
        }
        return new Nuisances(mu0, mu1, gamma, baseline!);
    }

    /// <summary>Predicts rows into arrays over the whole table.</summary>
    private static void PredictInto(UpliftModel model, FeatureMatrix x, int[] rows, double[] mu0, double[] mu1, FitContext context)
    {
        double[] a = new double[rows.Length], b = new double[rows.Length];
        model.Predict(x, rows, a, b, context.Threads, context.Token);
        for (var p = 0; p < rows.Length; p++) (mu0[rows[p]], mu1[rows[p]]) = (a[p], b[p]);
    }

    private static double[] Empty(int rows)
    {
        var values = new double[rows];
        Array.Fill(values, double.NaN);
        return values;
    }
}
