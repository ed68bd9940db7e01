using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Experiments;

/// <summary>An estimate with its 95 % interval; the ends are NaN when an arm was too small to tell.</summary>
public sealed record Measured(double Value, double Low, double High)
{
    internal static Measured Of(EffectTotal total)
    {
        var (low, high) = total.Interval();
        return new Measured(total.Value, low, high);
    }
}

/// <summary>What campaigns brought in a period, against their random holdouts. Money in major units of the shop's currency.</summary>
/// <param name="Campaigns">Campaigns with windows that closed in the period.</param>
/// <param name="Treated">Treated exposures.</param>
/// <param name="Control">Held-out exposures.</param>
/// <param name="Revenue">Incremental revenue of the treated.</param>
/// <param name="Margin">Incremental margin of the treated, before the campaigns' discounts.</param>
/// <param name="Discount">Discounts paid.</param>
/// <param name="Roi">(Incremental margin − discount) / discount; null without discounts.</param>
/// <param name="Conversion">Lift of conversion per treated customer, as a share.</param>
/// <param name="BaselineConversion">Conversion of the held-out customers.</param>
public sealed record EffectSummary(int Campaigns, long Treated, long Control, Measured Revenue, Measured Margin, double Discount, Measured? Roi, Measured Conversion, double BaselineConversion)
{
    internal static EffectSummary Of(IReadOnlyList<MeasuredExperiment> experiments)
    {
        var treated = experiments.Sum(e => e.Treated.Converted.Count);
        var per = treated == 0 ? double.NaN : 1.0 / treated;
        var baseline = experiments.Sum(e => e.Treated.Converted.Count * e.Control.Converted.Mean);
        return new EffectSummary(
            experiments.Select(e => e.Campaign).Distinct().Count(),
            treated,
            experiments.Sum(e => e.Control.Converted.Count),
            Measured.Of(EffectTotal.Sum(experiments.Select(e => EffectTotal.OfTreated(e.Treated.Revenue, e.Control.Revenue)))),
            Measured.Of(EffectTotal.Sum(experiments.Select(e => EffectTotal.OfTreated(e.Treated.Margin, e.Control.Margin)))),
            experiments.Sum(e => e.Treated.Discount.Sum),
            ReturnOnDiscount.Of([.. experiments.Select(e => e.Return)]) is { } roi ? Measured.Of(roi) : null,
            Measured.Of(EffectTotal.Sum(experiments.Select(e => EffectTotal.OfTreated(e.Treated.Converted, e.Control.Converted))).Times(per)),
            baseline * per);
    }
}

/// <summary>Both arms of a campaign's closed windows under one split.</summary>
internal sealed record MeasuredExperiment(Guid Campaign, double Propensity, DateOnly LastClosed, ArmSums Treated, ArmSums Control)
{
    public ReturnPart Return => ReturnPart.Of(Treated.Margin, Control.Margin, Treated.Discount, Treated.MarginTimesDiscount);

    /// <summary>The arms do not have the sizes their assignment planned: who was counted is in doubt, and so is every effect.</summary>
    public bool Mismatch => SampleRatio.Test([Treated.Converted.Count, Control.Converted.Count], [Propensity, 1 - Propensity]).Alarm;

    /// <summary>Experiments with windows that closed within these days, both included. One with an empty arm says nothing and is left out.</summary>
    public static IReadOnlyList<MeasuredExperiment> Within(IEnumerable<ArmSums> arms, DateOnly from, DateOnly to) =>
    [
        .. arms.Where(a => a.Cohort.ClosedOn >= from && a.Cohort.ClosedOn <= to).GroupBy(a => (a.Cohort.Campaign, a.Cohort.Propensity)).Select(g => (g.Key, Parts: g.ToList()))
            .Where(g => g.Parts.Any(a => a.Treated) && g.Parts.Any(a => !a.Treated))
            .Select(g => new MeasuredExperiment(
                g.Key.Campaign, g.Key.Propensity, g.Parts.Max(a => a.Cohort.ClosedOn!.Value),
                g.Parts.Where(a => a.Treated).Aggregate((a, b) => a.Plus(b)), g.Parts.Where(a => !a.Treated).Aggregate((a, b) => a.Plus(b))))
            .OrderByDescending(e => e.LastClosed).ThenBy(e => e.Campaign),
    ];
}
