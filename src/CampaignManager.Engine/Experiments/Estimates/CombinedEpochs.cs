namespace CampaignManager.Engine.Experiments.Estimates;

/// <summary>
/// Epochs of one campaign together: totals n₁·d and their variances add up. Their customers are never pooled: with other shares in each epoch that turns the
/// sign where the base rate moves (Simpson 1951).
/// </summary>
/// <param name="Total">Over the treated of all epochs.</param>
/// <param name="TotalInterval">The total with its interval.</param>
/// <param name="PerCustomer">The mean of the epochs' effects, each by its customers of both arms, with its interval: shares held out differ between epochs and must not weigh.</param>
public sealed record CombinedEpochs(EffectTotal Total, EffectInterval TotalInterval, EffectInterval PerCustomer)
{
    /// <summary>Of effects per treated customer.</summary>
    /// <param name="epochs">Each epoch's effect, how many it treated and how many it held out; one that can tell nothing leaves the whole untold.</param>
    /// <param name="alpha">Two-sided level.</param>
    public static CombinedEpochs Of(IReadOnlyCollection<(EffectInterval Effect, long Treated, long Control)> epochs, double alpha = Power.UsualAlpha)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        var total = EffectTotal.Sum(epochs.Select(e => OfEpoch(e.Effect, e.Treated)));
        var mean = EffectTotal.Sum(epochs.Select(e => OfEpoch(e.Effect, e.Treated + e.Control)));
        var all = epochs.Sum(e => e.Treated + e.Control);
        return new CombinedEpochs(total, Interval(total, alpha), Interval(mean.Times(all == 0 ? double.NaN : 1.0 / all), alpha));
    }

    private static EffectTotal OfEpoch(EffectInterval effect, double customers) => effect is { Estimate: { } d, StandardError: { } error, DegreesOfFreedom: { } freedom }
        ? new EffectTotal(customers * d, customers * customers * error * error, freedom)
        : new EffectTotal(customers * effect.Estimate ?? double.NaN, double.NaN, double.NaN);

    private static EffectInterval Interval(EffectTotal total, double alpha) => double.IsNaN(total.Value) ? EffectInterval.Unknown(CannotTell.EmptyArm)
        : total.Variance > 0 ? EffectInterval.Around(total.Value, Math.Sqrt(total.Variance), total.DegreesOfFreedom, alpha)
        : EffectInterval.Unknown(CannotTell.NoSpread, total.Value);
}
