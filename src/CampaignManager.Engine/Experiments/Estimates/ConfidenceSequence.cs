namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>
/// The asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024): an interval that holds at every look at once.
/// ρ² = (−2 ln α + ln(1 − 2 ln α))/n* makes it narrowest at n*; half width = SE·√n·√(2(nρ²+1)/(n²ρ²)·ln(√(nρ²+1)/α)).
/// </summary>
/// <param name="RhoSquared">ρ².</param>
/// <param name="HalfWidth">Half its width.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="PValue">Valid at any look: min(1, √(nρ²+1)·exp(−ρ²n·z²/(2(nρ²+1)))).</param>
public sealed record ConfidenceSequence(double RhoSquared, double HalfWidth, double Low, double High, double PValue)
{
    /// <summary>At one look.</summary>
    /// <param name="estimate">The effect now.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="customers">n: customers of both arms now.</param>
    /// <param name="planned">n*: customers at the planned end, frozen at launch.</param>
    /// <param name="alpha">Level of all looks together.</param>
    /// <returns>Null without spread or customers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A level not between 0 and 1, or nobody planned.</exception>
    public static ConfidenceSequence? Of(double? estimate, double? error, long customers, double planned, double alpha)
    {
        EffectInterval.CheckLevel(alpha);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(planned);
        if (estimate is not { } effect || error is not > 0 || customers <= 0) return null;
        var log = -2 * Math.Log(alpha);
        var rho = (log + Math.Log(1 + log)) / planned;
        double n = customers, spread = n * rho + 1, z = effect / error.Value;
        var half = error.Value * Math.Sqrt(n) * Math.Sqrt(2 * spread / (n * n * rho) * (0.5 * Math.Log(spread) - Math.Log(alpha)));
        var p = Math.Min(1, Math.Sqrt(spread) * Math.Exp(-rho * n * z * z / (2 * spread)));
        return new ConfidenceSequence(rho, half, effect - half, effect + half, p);
    }
}
