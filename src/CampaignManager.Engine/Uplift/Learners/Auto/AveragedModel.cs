using CampaignManager.Engine.Uplift.Learners.Meta;

namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>
/// An average of models whose differences between customers are put on one scale: τ̂ = average effect + slope · Σ weight · (τ̂ₖ − meanₖ) / spreadₖ.
/// </summary>
/// <param name="Baseline">Gives the outcome without treatment.</param>
/// <param name="Parts">The models.</param>
/// <param name="Weights">Of each, summing to 1.</param>
/// <param name="Means">Mean τ̂ of each on the training rows.</param>
/// <param name="Spreads">Standard deviation of τ̂ of each among rows it had not seen.</param>
/// <param name="Effect">Average effect.</param>
/// <param name="Slope">How much of the predicted differences comes true, in the outcome's unit.</param>
public sealed record AveragedModel(
    UpliftModel Baseline, IReadOnlyList<UpliftModel> Parts, IReadOnlyList<double> Weights, IReadOnlyList<double> Means, IReadOnlyList<double> Spreads, double Effect, double Slope) : UpliftModel
{
    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        Span<double> difference = new double[rows.Length];
        for (var k = 0; k < Parts.Count; k++)
        {
            Parts[k].Score(x, rows, mu0, mu1);
            for (var i = 0; i < rows.Length; i++) difference[i] += Weights[k] * (mu1[i] - mu0[i] - Means[k]) / Spreads[k];
        }
        Baseline.Score(x, rows, mu0, mu1);
        for (var i = 0; i < rows.Length; i++) (mu0[i], mu1[i]) = Sums.Exact(mu0[i], Effect + Slope * difference[i]);
    }
}
