using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>Do customers differ in the way the model says?</summary>
/// <param name="Slope">Regression of Γ on τ̂: 1 when predictions are right, 0 when they say nothing.</param>
/// <param name="StandardError">Clustered by customer.</param>
/// <param name="PValue">One-sided, of slope ≤ 0.</param>
public sealed record HeterogeneityResult(double Slope, double StandardError, double PValue)
{
    /// <summary>Whether differences between customers may be claimed: one-sided p &lt; .05.</summary>
    public bool Detected => PValue < 0.05;
}

/// <summary>Best linear predictor of the effect (Chernozhukov, Demirer, Duflo &amp; Fernández-Val 2018).</summary>
public static class Heterogeneity
{
    /// <summary>Least squares of Γ on 1 and τ̂ − mean τ̂, errors clustered by customer.</summary>
    /// <param name="effectScores">Γ per row.</param>
    /// <param name="predicted">τ̂ per row from folds that did not see it.</param>
    /// <param name="customers">Customer cluster per row.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static HeterogeneityResult Test(ReadOnlySpan<double> effectScores, ReadOnlySpan<double> predicted, ReadOnlySpan<int> customers)
    {
        var n = effectScores.Length;
        if (predicted.Length != n || customers.Length != n) throw new ArgumentException("Give each row a score, a prediction and a customer.", nameof(predicted));
        double meanScore = 0, meanPredicted = 0;
        for (var i = 0; i < n; i++)
        {
            meanScore += effectScores[i] / n;
            meanPredicted += predicted[i] / n;
        }
        double sxx = 0, sxy = 0;
        for (var i = 0; i < n; i++)
        {
            var x = predicted[i] - meanPredicted;
            sxx += x * x;
            sxy += x * (effectScores[i] - meanScore);
        }
        // A constant prediction (up to rounding) says nothing about differences.
        if (!(sxx > 1e-18 * n)) return new HeterogeneityResult(double.NaN, double.NaN, 1);
        var slope = sxy / sxx;
        var numbers = new int[n];
        var byCustomer = new double[CustomerClusters.Number(customers, numbers)];
        for (var i = 0; i < n; i++)
        {
            var x = predicted[i] - meanPredicted;
            byCustomer[numbers[i]] += x * (effectScores[i] - meanScore - slope * x);
        }
        if (byCustomer.Length < 3) return new HeterogeneityResult(slope, double.NaN, 1);
        double squares = 0;
        foreach (var value in byCustomer) squares += value * value;
        var error = Math.Sqrt(squares * byCustomer.Length / (byCustomer.Length - 1.0)) / sxx;
        return new HeterogeneityResult(slope, error, error > 0 ? Normal.Cdf(-slope / error) : 1);
    }
}
