using System.Globalization;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Uplift;

/// <summary>Which rows a model may learn from, and which it never sees.</summary>
/// <param name="Train">Row indices, in order.</param>
/// <param name="Test">The held-out rows.</param>
/// <param name="Folds">Of each row its fold 0..K−1; a customer's rows share one.</param>
public sealed record DataSplit(int[] Train, int[] Test, int[] Folds)
{
    public const int FoldCount = 5;

    private const double HeldOut = 1 / 3.0;

    /// <summary>By the table's own split where it has one, otherwise a third of the customers by hash; folds by customer's hash too.</summary>
    public static DataSplit Of(UpliftTable table, int seed)
    {
        var salt = seed.ToString(CultureInfo.InvariantCulture);
        var given = table.Splits.Any(s => s is not null);
        var (test, train) = (new List<int>(), new List<int>());
        var folds = new int[table.Count];
        for (var i = 0; i < table.Count; i++)
        {
            var customer = table.CustomerIds[i];
            var held = given ? table.Splits[i] == "test" : Assignment.Bucket("held-out-" + salt, customer) < HeldOut;
            (held ? test : train).Add(i);
            folds[i] = (int)(Assignment.Bucket("fold-" + salt, customer) * FoldCount);
        }

        return new DataSplit([.. train], [.. test], folds);
    }
}

/// <summary>A trained model with predictions for every row, each from a fit that did not see the row's customer.</summary>
/// <param name="Mu0">Outcome without treatment, by treated arm from arm 1, then by row.</param>
/// <param name="Mu1">Outcome with that arm's treatment.</param>
public sealed record TrainedUplift(FittedUplift Model, FeatureEncoder Encoder, FeatureMatrix X, DataSplit Split, double[][] Mu0, double[][] Mu1)
{
    public double Uplift(int arm, int row) => Mu1[arm - 1][row] - Mu0[arm - 1][row];
}

/// <summary>Cross-fits a learner: training rows are predicted by folds that left their customer out, held-out rows by the fit on all training rows.</summary>
public static class UpliftTraining
{
    /// <summary>Fits at once, however many cores there are: each holds its rows a second time.</summary>
    private const int MostFits = 4;

    /// <param name="progress">Told the share done after every fit, one call at a time.</param>
    public static async Task<TrainedUplift> RunAsync(
        UpliftTable table, string outcome, IUpliftLearner learner, int seed, Func<double, Task> progress, CancellationToken cancellationToken)
    {
        var split = DataSplit.Of(table, seed);
        var encoder = FeatureEncoder.Fit(table, split.Train);
        var x = encoder.Encode(table);
        var armCount = table.Manifest.Arms.Count;
        var task = new LearningTask(x, table.Arms, armCount, table.Outcomes[outcome], table.Outcome(outcome).IsBinary, Weights(table));
        var mu0 = Enumerable.Range(1, armCount - 1).Select(_ => new double[table.Count]).ToArray();
        var mu1 = Enumerable.Range(1, armCount - 1).Select(_ => new double[table.Count]).ToArray();
        FittedUplift? model = null;
        var done = 0;
        using var reporting = new SemaphoreSlim(1, 1);
        // Each fit has one thread, its own context and its own seed, and predicts rows that no other does: any number at once give what one after the other gave.
        var several = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MostFits), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, DataSplit.FoldCount + 1).Reverse(), several, async (fold, stop) =>
        {
            var whole = fold == DataSplit.FoldCount;
            var fitted = learner.Fit(task, whole ? split.Train : [.. split.Train.Where(i => split.Folds[i] != fold)], seed, stop);
            fitted.Predict(x, whole ? split.Test : [.. split.Train.Where(i => split.Folds[i] == fold)], mu0, mu1, stop);
            if (whole)
                model = fitted;
            await reporting.WaitAsync(stop);
            try
            {
                await progress(++done / (DataSplit.FoldCount + 1.0));
            }
            finally
            {
                reporting.Release();
            }
        });
        return new TrainedUplift(model!, encoder, x, split, mu0, mu1);
    }

    /// <summary>1 / P(own arm), scaled to mean 1, where campaigns were assigned with different shares; all 1 where they were not.</summary>
    private static double[] Weights(UpliftTable table)
    {
        var several = table.Manifest.Arms.Count > 2;
        var own = Enumerable.Range(0, table.Count).Select(i => several || table.Arms[i] != 0 ? table.Propensity[i] : 1 - table.Propensity[i]).ToArray();
        var constant = table.Count == 0 || Enumerable.Range(0, table.Manifest.Arms.Count)
            .All(arm => own.Where((_, i) => table.Arms[i] == arm).Distinct().Take(2).Count() < 2);
        if (constant)
            return Enumerable.Repeat(1.0, table.Count).ToArray();
        var weights = own.Select(p => 1 / Math.Clamp(p, 0.02, 1)).ToArray();
        var mean = weights.Average();
        return [.. weights.Select(w => w / mean)];
    }
}
