using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>An effect over one epoch, or over several together: never of pooled customers.</summary>
/// <param name="Effect">A customer.</param>
/// <param name="Total">Over all treated.</param>
/// <param name="Relative">Over control.</param>
internal sealed record EpochEffects(ArmFigures Control, ArmFigures Treated, EffectInterval Effect, EffectInterval Total, RelativeEffect Relative)
{
    /// <summary>Of each epoch's sums of both arms.</summary>
    /// <param name="epochs">Treated and control.</param>
    /// <param name="units">Minor units of one unit.</param>
    /// <param name="skew">Corrected for skewness after Hall, which needs all customers in one epoch.</param>
    /// <param name="alpha">Two-sided level.</param>
    public static EpochEffects Of(IReadOnlyList<(OutcomeSums Treated, OutcomeSums Control)> epochs, double units, bool skew, double alpha)
    {
        var moments = epochs.Select(e => (One: e.Treated.Moments(units), None: e.Control.Moments(units))).ToList();
        var parts = moments.ConvertAll(m => (Effect: MeanDifference.Welch(m.One, m.None, alpha), Treated: m.One.Count, Control: m.None.Count));
        var together = CombinedEpochs.Of(parts, alpha);
        var effect = parts.Count != 1 ? together.PerCustomer
            : skew ? MeanDifference.SkewCorrected(moments[0].One, moments[0].None, alpha).Interval : parts[0].Effect;
        var (control, variance) = ControlLevel(moments);
        var relative = RelativeEffect.Of(effect, control, variance, -variance, alpha);
        return new EpochEffects(
            Figures(epochs.Select(e => e.Control), moments.Count == 1 ? moments[0].None.Variance : null, control, units),
            Figures(epochs.Select(e => e.Treated), moments.Count == 1 ? moments[0].One.Variance : null, control + (effect.Estimate ?? double.NaN), units),
            effect, together.TotalInterval, relative);
    }

    // Weighed as the effect is: by the epoch's customers of both arms.
    private static (double Mean, double Variance) ControlLevel(List<(ArmMoments One, ArmMoments None)> epochs)
    {
        double all = epochs.Sum(e => e.One.Count + e.None.Count), mean = 0, variance = 0;
        if (all == 0)
            return (double.NaN, double.NaN);
        foreach (var (one, none) in epochs)
        {
            var share = (one.Count + none.Count) / all;
            (mean, variance) = (mean + share * none.Mean, variance + share * share * none.MeanVariance);
        }

        return (mean, variance);
    }

    private static ArmFigures Figures(IEnumerable<OutcomeSums> epochs, double? variance, double mean, double units)
    {
        var all = epochs.Aggregate(default(OutcomeSums), (a, b) => a + b);
        return new ArmFigures(all.Count, Finite(mean), Finite(variance), (double)all.Sum / units);
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
