namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>
/// What a change of a running offer would bring, given what the offer was measured to bring:
/// Δ | m = Δ̂ + Cov(Δ, f)/(Var f + τ² + SE²)·(m − f̂), over draws of a model that has not seen this campaign. "Predicted after − measured before" would
/// carry the error of both.
/// </summary>
/// <param name="PriorMean">Δ̂.</param>
/// <param name="PriorDeviation">Of the draws (n − 1).</param>
/// <param name="PosteriorMean">After the measurement.</param>
/// <param name="PosteriorDeviation">After the measurement.</param>
public sealed record LiveUpdate(double PriorMean, double PriorDeviation, double PosteriorMean, double PosteriorDeviation)
{
    /// <summary>Of joint draws.</summary>
    /// <param name="change">Draws of Δ.</param>
    /// <param name="running">Draws of f, the running offer's effect on the same customers, horizon and estimand, in the same order.</param>
    /// <param name="tauSquared">τ²: how far a campaign's true effect lies from what models see.</param>
    /// <param name="measured">m.</param>
    /// <param name="error">SE of m.</param>
    /// <exception cref="ArgumentException">Not the same number of draws of both, or fewer than two.</exception>
    public static LiveUpdate Of(ReadOnlySpan<double> change, ReadOnlySpan<double> running, double tauSquared, double measured, double error)
    {
        if (change.Length != running.Length || change.Length < 2) throw new ArgumentException("Give as many draws of one as of the other.", nameof(running));
        ArgumentOutOfRangeException.ThrowIfNegative(tauSquared);
        double d = Mean(change), f = Mean(running), dd = 0, ff = 0, df = 0;
        for (var i = 0; i < change.Length; i++)
        {
            dd += (change[i] - d) * (change[i] - d);
            ff += (running[i] - f) * (running[i] - f);
            df += (change[i] - d) * (running[i] - f);
        }
        double n = change.Length - 1, spread = ff / n + tauSquared + error * error, weight = spread > 0 ? df / n / spread : 0;
        return new LiveUpdate(d, Math.Sqrt(dd / n), d + weight * (measured - f), Math.Sqrt(Math.Max(0, dd / n - weight * df / n)));
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }
}
