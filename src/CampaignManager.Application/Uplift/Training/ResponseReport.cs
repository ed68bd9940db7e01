using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>How well a response model tells who buys, on held-out rows of both arms.</summary>
/// <param name="Metrics">Errors, and for 0/1 outcomes what a classifier is judged by.</param>
/// <param name="ConstantMae">Mean absolute error if the training rows' mean were predicted for all.</param>
/// <param name="Threshold">From this probability on a customer counts as a predicted buyer: the share of buyers among training rows. NaN for money.</param>
/// <param name="Coverage">Share of customers predicted to buy; NaN for money.</param>
/// <param name="Conversion">Share that did; for money the mean.</param>
/// <param name="Predicted">Mean prediction, to be held against it.</param>
public sealed record ResponseReport(ResponseMetrics Metrics, double ConstantMae, double Threshold, double Coverage, double Conversion, double Predicted)
{
    internal static ResponseReport Of(ArmScores scores, bool binary)
    {
        double[] y = ArmScores.Of(scores.Test, i => scores.Outcome[i]), predicted = ArmScores.Of(scores.Test, i => scores.Trained.Mu1[scores.Arm - 1][i]);
        var mean = scores.Train.Average(i => scores.Outcome[i]);
        return new ResponseReport(
            ResponseMetrics.Of(y, predicted, binary, mean), y.Average(v => Math.Abs(v - mean)), binary ? mean : double.NaN,
            binary ? predicted.Count(p => p >= mean) / (double)predicted.Length : double.NaN, y.Average(), predicted.Average());
    }
}
