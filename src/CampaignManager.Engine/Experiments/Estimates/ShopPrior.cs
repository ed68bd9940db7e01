using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>How large effects are in this shop: true effects as N(0, τ²), from its own finished campaigns.</summary>
/// <param name="TauSquared">τ², in the metric's unit squared.</param>
public sealed record ShopPrior(double TauSquared)
{
    /// <summary>Finished campaigns it takes.</summary>
    public const int FewestCampaigns = 5;

    /// <summary>By moments: E Σ d²/SE² = k + τ²·Σ 1/SE², so τ² = max(0, (Σ d²/SE² − k)/Σ 1/SE²). Null below five finished campaigns.</summary>
    /// <exception cref="ArgumentException">Not a positive standard error for each effect.</exception>
    public static ShopPrior? Of(ReadOnlySpan<double> effects, ReadOnlySpan<double> errors)
    {
        if (effects.Length != errors.Length) throw new ArgumentException("Give a standard error for each effect.", nameof(errors));
        if (effects.Length < FewestCampaigns) return null;
        double weights = 0, sum = 0;
        for (var i = 0; i < effects.Length; i++)
        {
            if (!(errors[i] > 0)) throw new ArgumentException("A standard error is above 0.", nameof(errors));
            weights += 1 / (errors[i] * errors[i]);
            sum += effects[i] * effects[i] / (errors[i] * errors[i]);
        }
        return new ShopPrior(Math.Max(0, (sum - effects.Length) / weights));
    }

    /// <summary>What a measured effect leaves of it: mean, standard deviation and the chance that the true effect is above 0.</summary>
    /// <param name="effect">Measured.</param>
    /// <param name="error">Its standard error, above 0.</param>
    /// <returns>The chance is null where the shop's campaigns show no spread at all: every effect would be 0.</returns>
    public (double Mean, double Deviation, double? ChanceToWin) Posterior(double effect, double error)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(error);
        var kept = TauSquared / (TauSquared + error * error);
        double mean = kept * effect, deviation = Math.Sqrt(kept) * error;
        return (mean, deviation, deviation > 0 ? Normal.Cdf(mean / deviation) : null);
    }
}
