using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;
using CampaignManager.Engine.Uplift.Explanation;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>Judges a trained model on the rows it never saw.</summary>
public static class UpliftEvaluation
{
    private const int CurvePoints = 120;

    public static ArmEvaluation Of(UpliftTable table, string outcome, TrainedUplift trained, int arm, Surrogate surrogate, Economics? economics, CancellationToken cancellationToken)
    {
        var scores = new ArmScores(table, outcome, trained, arm);
        var ranking = ArmScores.Of(scores.Test, scores.Ranking);
        var held = HeldOutRows.Of(scores);
        var gains = (scores.Gains(scores.Train, economics), scores.Gains(scores.Test, economics));
        var metrics = held.Metrics(ranking, cancellationToken);
        var depth = Depth(scores, gains, held.Customers, economics);
        return new ArmEvaluation(
            table.Manifest.Arms[arm],
            scores.Test.Length,
            held.Treated.Count(t => t),
            held.ControlMean,
            metrics,
            Thin(held.Curve(ranking)),
            held.Calibration(ArmScores.Of(scores.Test, scores.Uplift)),
            Heterogeneous(scores),
            economics is null ? null : Value(scores, held.Customers, economics),
            depth,
            PermutationImportance.Of(scores, held, cancellationToken),
            MeasuredSegments.Of(scores),
            UpliftExplanation.Of(table, trained, surrogate, cancellationToken),
            UpliftExplanation.Groups(scores, surrogate, cancellationToken),
            Rivals.Of(scores, outcome, held, gains, metrics, depth, cancellationToken),
            trained.IsResponse ? ResponseReport.Of(scores, table.Outcome(outcome).IsBinary) : null);
    }

    /// <summary>
    /// For <c>auto</c> what it found while it chose; for others the test on all rows, its error widened because cross-fitting counts every pair of rows twice.
    /// </summary>
    private static HeterogeneityResult Heterogeneous(ArmScores scores)
    {
        if (scores.Trained.Choices.Count >= scores.Arm)
        {
            var choice = scores.Trained.Choices[scores.Arm - 1];
            return new HeterogeneityResult(choice.Slope, choice.Z == 0 ? double.NaN : choice.Slope / choice.Z, choice.PValue);
        }

        var test = Heterogeneity.Test(scores.EffectOfRows(), ArmScores.Of(scores.Rows, scores.Uplift), scores.CustomersOf(scores.Rows));
        var error = test.StandardError * AutoLearner.CrossFitInflation;
        return error > 0 ? new HeterogeneityResult(test.Slope, error, Normal.Cdf(-test.Slope / error)) : test;
    }

    private static PolicyValue Value(ArmScores scores, int[] customers, Economics economics)
    {
        var policy = new TreatmentPolicy(economics.Margin, economics.Discount, economics.ContactCost);
        var mu1 = scores.Trained.Mu1[scores.Arm - 1];
        return policy.Value(
            ArmScores.Of(scores.Test, i => policy.Treats(scores.Uplift(i), mu1[i])), ArmScores.Of(scores.Test, i => scores.Effect[i]), ArmScores.Of(scores.Test, i => scores.Treated[i]), customers);
    }

    /// <summary>Chosen on training rows by their cross-fitted predictions, valued on the held-out ones.</summary>
    private static TargetingDepth Depth(ArmScores scores, (double[] Train, double[] Test) gains, int[] customers, Economics? economics)
    {
        var mu1 = scores.Trained.Mu1[scores.Arm - 1];
        // What decides is the predicted gain: with a discount paid to all who buy, those who would buy anyway cost. A response model knows of no gain.
        double[] Of(int[] rows) => ArmScores.Of(rows, i => economics is null || scores.Trained.IsResponse ? scores.Ranking(i)
            : economics.Margin * scores.Uplift(i) - economics.Discount * mu1[i] - economics.ContactCost);
        return TargetingDepth.Find((Of(scores.Train), gains.Train), (Of(scores.Test), gains.Test), customers);
    }

    // Enough for a page; the first and the last depth stay.
    private static List<CurvePoint> Thin(IReadOnlyList<CurvePoint> curve)
    {
        if (curve.Count <= CurvePoints)
            return [.. curve];
        return [.. Enumerable.Range(0, CurvePoints).Select(i => curve[(int)((long)i * (curve.Count - 1) / (CurvePoints - 1))])];
    }
}
