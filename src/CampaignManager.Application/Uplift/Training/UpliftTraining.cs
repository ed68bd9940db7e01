using System.Globalization;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Auto;
using CampaignManager.Engine.Uplift.Learners.Network;

namespace CampaignManager.Application.Uplift.Training;

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

/// <summary>A table divided, and its features as numbers and as bins: they hang on table and seed alone, so all outcomes' fits share one.</summary>
public sealed record EncodedTable(DataSplit Split, FeatureEncoder Encoder, FeatureMatrix X, BinnedFeatures Bins)
{
    public static EncodedTable Of(UpliftTable table, int seed)
    {
        var split = DataSplit.Of(table, seed);
        var encoder = FeatureEncoder.Fit(table, split.Train);
        var x = encoder.Encode(table);
        return new EncodedTable(split, encoder, x, BinnedFeatures.Of(x, split.Train, threads: Environment.ProcessorCount));
    }
}

/// <summary>A trained model with predictions for every row, each from a fit that did not see the row's customer.</summary>
/// <param name="Data">What it was trained on.</param>
/// <param name="Mu0">Outcome without treatment, by treated arm from arm 1, then by row.</param>
/// <param name="Mu1">Outcome with that arm's treatment.</param>
/// <param name="Choices">By treated arm how <c>auto</c> chose; empty for other learners.</param>
public sealed record TrainedUplift(FittedUplift Model, EncodedTable Data, double[][] Mu0, double[][] Mu1, IReadOnlyList<AutoReport> Choices)
{
    public FeatureEncoder Encoder => Data.Encoder;

    public FeatureMatrix X => Data.X;

    public BinnedFeatures Bins => Data.Bins;

    public DataSplit Split => Data.Split;

    public double Uplift(int arm, int row) => Mu1[arm - 1][row] - Mu0[arm - 1][row];

    /// <summary>Whether it predicts responses only, and no effect.</summary>
    public bool IsResponse => Model.Arms.All(m => m is ResponseModel);

    /// <summary>What customers are ranked by: the predicted uplift, or of a response model the predicted response.</summary>
    public double Ranking(int arm, int row) => IsResponse ? Mu1[arm - 1][row] : Uplift(arm, row);
}

/// <summary>Cross-fits a learner: training rows are predicted by folds that left their customer out, held-out rows by the fit on all training rows.</summary>
public static class UpliftTraining
{
    public static Task<TrainedUplift> RunAsync(UpliftTable table, string outcome, TrainingPlan plan, Func<double, Task> progress, CancellationToken cancellationToken) =>
        RunAsync(table, EncodedTable.Of(table, plan.Seed), outcome, plan, progress, cancellationToken);

    /// <param name="data">The table encoded with the plan's seed.</param>
    /// <param name="progress">Told the share done after every fit, one call at a time.</param>
    public static async Task<TrainedUplift> RunAsync(
        UpliftTable table, EncodedTable data, string outcome, TrainingPlan plan, Func<double, Task> progress, CancellationToken cancellationToken)
    {
        var (split, _, x, bins) = data;
        var arms = table.Manifest.Arms.Count - 1;
        double[][] Empty() => [.. Enumerable.Range(0, arms).Select(_ => new double[table.Count])];
        var (mu0, mu1) = (Empty(), Empty());
        List<UpliftModel> models = [];
        List<AutoReport> choices = [];
        for (var arm = 1; arm <= arms; arm++)
        {
            var task = TaskOf(table, outcome, arm, x, bins);
            bool Own(int i) => table.Arms[i] == 0 || table.Arms[i] == arm;
            var learner = UpliftLearners.Create(plan.Learner, plan.Base, plan.Time?.Invoke(arms - arm));
            var fit = new ArmFit(learner, task, [.. split.Train.Where(Own)], split.Folds, (ulong)plan.Seed);
            var (before, at) = (arm - 1.0, arm - 1);
            var fitted = await fit.RunAsync(share => progress((before + share) / arms), cancellationToken);
            models.Add(fitted.Model);
            if (fitted.Choice is not null)
                choices.Add(fitted.Choice);
            foreach (var i in split.Train)
                (mu0[at][i], mu1[at][i]) = (fitted.Mu0[i], fitted.Mu1[i]);
            // Rows of other arms took no part in this arm's folds: they are as unseen as the held-out ones.
            int[] unseen = [.. split.Test, .. split.Train.Where(i => !Own(i))];
            new FittedUplift([fitted.Model]).Predict(x, unseen, [mu0[at]], [mu1[at]], cancellationToken);
        }

        return new TrainedUplift(new FittedUplift(models), data, mu0, mu1, choices);
    }

    internal static UpliftTask TaskOf(UpliftTable table, string outcome, int arm, FeatureMatrix x, BinnedFeatures bins) => new(
        x, bins, [.. table.Arms.Select(a => a == arm)], [.. table.PropensityAgainstControl(arm).Select(e => Math.Clamp(e, 0.001, 0.999))],
        table.Outcomes[outcome], table.Outcome(outcome).IsBinary, table.Customers);
}
