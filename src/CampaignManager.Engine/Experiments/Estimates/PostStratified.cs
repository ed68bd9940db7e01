namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>An effect as the mean of segments' effects, each by its share of the customers (Miratrix, Sekhon and Yu 2013).</summary>
/// <param name="Estimate">Σ w·d.</param>
/// <param name="ErrorGivenSizes">√ Σ w²·SE²: for just these customers' sizes of segments.</param>
/// <param name="Error">With the sampling of the sizes too: + (Σ w·d² − (Σ w·d)²)/n.</param>
public sealed record PostStratified(double Estimate, double ErrorGivenSizes, double Error)
{
    /// <summary>Of segments; null where one of them cannot be told.</summary>
    /// <param name="cells">Each segment's effect and its customers in both arms.</param>
    public static PostStratified? Of(IReadOnlyCollection<(EffectInterval Effect, long Customers)> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        double n = cells.Sum(c => c.Customers), mean = 0, squares = 0, variance = 0;
        if (n == 0) return null;
        foreach (var (effect, customers) in cells)
        {
            if (effect is not { Estimate: { } d, StandardError: { } error, DegreesOfFreedom: not null }) return null;
            var w = customers / n;
            (mean, squares, variance) = (mean + w * d, squares + w * d * d, variance + w * w * error * error);
        }
        return new PostStratified(mean, Math.Sqrt(variance), Math.Sqrt(variance + Math.Max(0, squares - mean * mean) / n));
    }
}
