using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Meta;
using CampaignManager.Engine.Uplift.Learners.Trees;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A way to choose whom to treat, judged on the rows a model is judged on.</summary>
/// <param name="Name"><c>model</c>, <c>random</c>, <c>response</c>, <c>rule</c> or <c>uniform</c>.</param>
/// <param name="Qini">Qini coefficient of its ranking; NaN where there is none.</param>
/// <param name="QiniAbs">Unnormalised Qini area.</param>
/// <param name="U30">Uplift among the first 30 %.</param>
/// <param name="Gain">Gain per customer of the whole when treating as deep as was best on training rows (AIPW), against treating nobody.</param>
/// <param name="Share">Share treated then.</param>
public sealed record Rival(string Name, Estimate Qini, Estimate QiniAbs, Estimate U30, Estimate Gain, double Share)
{
    public const string Model = "model";

    public const string Random = "random";

    public const string Response = "response";

    public const string Rule = "rule";

    public const string Uniform = "uniform";
}

/// <summary>What a model has to beat: chance, those who buy most, a marketer's single cut, and treating everybody alike.</summary>
internal static class Rivals
{
    private const double Level = 0.90;

    // Rows scored in one go.
    private const int Together = 1024;

    private static readonly Estimate None = new(double.NaN, double.NaN, double.NaN);

    /// <param name="gains">Unbiased gain of treating by training row and by test row.</param>
    /// <param name="metrics">The model's own.</param>
    /// <param name="depth">The model's own.</param>
    public static IReadOnlyList<Rival> Of(
        ArmScores scores, string outcome, HeldOutRows held,
        (double[] Train, double[] Test) gains, UpliftMetricIntervals metrics, TargetingDepth depth, CancellationToken cancellationToken)
    {
        var (trained, arm, train, test) = (scores.Trained, scores.Arm, scores.Train, scores.Test);
        var task = UpliftTraining.TaskOf(scores.Table, outcome, arm, trained.X, trained.Bins);
        var context = new FitContext(1, 1, cancellationToken);
        Rival Ranked(string name, (double[] Train, double[] Test) score)
        {
            var own = held.Metrics(score.Test, cancellationToken);
            var deep = TargetingDepth.Find((score.Train, gains.Train), (score.Test, gains.Test), held.Customers, Level);
            return new Rival(name, own.Qini, own.QiniAbs, own.U30, deep.Value, deep.Share);
        }

        var everybody = gains.Train.Average() > 0;
        var (zero, all) = (new Estimate(0, 0, 0), depth.All);
        return
        [
            new Rival(Rival.Model, metrics.Qini, metrics.QiniAbs, metrics.U30, depth.Value, depth.Share),
            // On average: as many as the model treats, whoever they are.
            new Rival(Rival.Random, double.IsNaN(metrics.Qini.Value) ? None : zero, zero, metrics.Ate, new Estimate(depth.Share * all.Value, depth.Share * all.Low, depth.Share * all.High), depth.Share),
            Ranked(Rival.Response, Response(task, trained, train, test, context)),
            Ranked(Rival.Rule, Rule(task, trained, arm, train, test, context)),
            new Rival(Rival.Uniform, None, None, None, everybody ? all : zero, everybody ? 1 : 0),
        ];
    }

    // Boosted trees of the outcome, whatever the arm: the network takes as long as all the rest, and it is the same idea that is beaten or not.
    private static (double[] Train, double[] Test) Response(UpliftTask task, TrainedUplift trained, int[] train, int[] test, FitContext context) => CrossFit(
        trained, train, test, context,
        rows => OutcomeBooster.Fit(task.Bins, rows, task.Outcome, null, task.Binary, BoostingSettings.ForOutcome(rows.Length).Hasty(), context));

    private static (double[] Train, double[] Test) Rule(UpliftTask task, TrainedUplift trained, int arm, int[] train, int[] test, FitContext context)
    {
        var (mu0, mu1) = (trained.Mu0[arm - 1], trained.Mu1[arm - 1]);
        var gamma = new double[task.X.Rows];
        foreach (var i in train)
            gamma[i] = mu1[i] - mu0[i] + (task.Treated[i] ? (task.Outcome[i] - mu1[i]) / task.Propensity[i] : -(task.Outcome[i] - mu0[i]) / (1 - task.Propensity[i]));
        var nothing = new OutcomeHeads(TreeEnsemble.Constant(0), TreeEnsemble.Constant(0));
        return CrossFit(trained, train, test, context, rows => ((EffectOnBaseline)new BestRule().Fit(task, rows, new Nuisances(mu0, mu1, gamma, nothing), context)).Effects[0]);
    }

    /// <summary>Training rows are scored by fits on the other folds, held-out rows by the fit on all.</summary>
    private static (double[] Train, double[] Test) CrossFit(TrainedUplift trained, int[] train, int[] test, FitContext context, Func<int[], RowScorer> fit)
    {
        var scores = new double[trained.X.Rows];
        Parallel.For(0, DataSplit.FoldCount + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = context.Token }, fold =>
        {
            var last = fold == DataSplit.FoldCount;
            var scorer = fit(last ? train : [.. train.Where(i => trained.Split.Folds[i] != fold)]);
            var values = new double[Together];
            foreach (var own in (last ? test : [.. train.Where(i => trained.Split.Folds[i] == fold)]).Chunk(Together))
            {
                scorer.Score(trained.X, own, values);
                for (var k = 0; k < own.Length; k++)
                    scores[own[k]] = values[k];
            }
        });
        return ([.. train.Select(i => scores[i])], [.. test.Select(i => scores[i])]);
    }
}
