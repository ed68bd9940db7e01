using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Reads an arm against another, over the epochs of one reading.</summary>
internal sealed class ComparisonReader(ExperimentSums sums, ExperimentDesign design, IReadOnlyList<MetricColumn> columns, double alpha)
{
    // Places in ArmCell.CrossColumns.
    private const int Revenue = 3, Returns = 4, Margin = 5;

    public ComparisonResult? Read(IReadOnlyList<(EpochSums Epoch, ReadingSums Reading)> epochs, string arm, string against)
    {
        var pairs = ArmPair.Of(epochs.Select(e => (e.Epoch, e.Reading.Arms)), arm, against);
        if (pairs.Count == 0)
            return null;
        List<MetricResult> metrics = [.. columns.Select(c => MetricReader.Read(pairs, c, alpha)).OfType<MetricResult>()];
        var guardrails = sums.Named.Count > 0 ? [] : design.Guardrails.Select(rule => Watch(pairs, rule)).OfType<GuardrailResult>().ToList();
        return new ComparisonResult(
            arm, against, metrics, sums.Named.Count > 0 ? PerSuccess(pairs) : [], guardrails, Split(metrics), SegmentReader.Read(epochs, arm, against, Segmented(), alpha));
    }

    // What decides and whether they bought; of a data set all there is.
    private IReadOnlyList<MetricColumn> Segmented() =>
        sums.Named.Count > 0 ? [.. columns.Select(c => c with { Cap = null, Skewed = false })] : [.. columns.Where(c => c.Name is MetricColumn.NetProfit or MetricColumn.Conversion)];

    private GuardrailResult? Watch(IReadOnlyList<ArmPair> pairs, GuardrailRule rule)
    {
        var column = rule.Metric switch { GuardrailRule.ReturnRate => Returns, GuardrailRule.MarginRate => Margin, _ => -1 };
        if (column < 0 || Ratio(pairs, column, Revenue, MetricColumn.UnitsOf(sums.Currency), MetricColumn.UnitsOf(sums.Currency)) is not { } ratio)
            return null;
        return new GuardrailResult(rule, ratio, Guardrail.Read(ratio.Absolute, ratio.ControlRatio ?? double.NaN, rule.Margin, rule.HigherIsWorse));
    }

    // Money of an order, or of a visit: each money outcome over each yes-or-no one.
    private List<RatioResult> PerSuccess(IReadOnlyList<ArmPair> pairs)
    {
        List<RatioResult> ratios = [];
        foreach (var (money, m) in sums.Named.Select((o, i) => (o, i)).Where(o => o.o.Currency is not null))
        {
            foreach (var (yes, d) in sums.Named.Select((o, i) => (o, i)).Where(o => o.o.Currency is null))
            {
                if (Ratio(pairs, m, d, MetricColumn.UnitsOf(money.Currency), 1) is { } ratio)
                    ratios.Add(new RatioResult($"{money.Name}/{yes.Name}", MetricKind.Money, money.Currency, ratio));
            }
        }

        return ratios;
    }

    // Epochs of ratios together: each by its customers, as of all effects.
    private RatioDifference? Ratio(IReadOnlyList<ArmPair> pairs, int numerator, int denominator, double units, double ofUnits)
    {
        List<RatioDifference> all = [];
        foreach (var pair in pairs)
        {
            if (pair is not { Treated.Cross: { } one, Control.Cross: { } none })
                return null;
            all.Add(RatioDifference.Of(ArmPair.Pick(one, numerator, denominator), ArmPair.Pick(none, numerator, denominator), units, ofUnits, alpha));
        }

        if (all.Count == 1)
            return all[0];
        double customers = pairs.Sum(p => p.Treated.Cross!.Count + p.Control.Cross!.Count);
        var together = CombinedEpochs.Of([.. all.Zip(pairs, (r, p) => (r.Absolute, p.Treated.Cross!.Count, p.Control.Cross!.Count))], alpha).PerCustomer;
        double? control = all.Zip(pairs, (r, p) => r.ControlRatio * (p.Treated.Cross!.Count + p.Control.Cross!.Count) / customers).Aggregate((double?)0, (a, b) => a + b);
        return new RatioDifference(control + together.Estimate, control, together, new RelativeEffect(EffectInterval.Unknown(CannotTell.NoDenominator), null, null));
    }

    private static DiscountSplit? Split(List<MetricResult> metrics)
    {
        if (metrics.Find(m => m.Metric == "discount") is not { } discount || metrics.Find(m => m.Metric == MetricColumn.Conversion) is not { } conversion)
            return null;
        var given = discount.Treated.Sum;
        double? sure = given <= 0 ? 0 : conversion is { Treated.Mean: > 0 and { } treated, Control.Mean: { } control } ? given * Math.Min(1, control / treated) : null;
        var profit = metrics.Find(m => m.Metric == MetricColumn.NetProfit)?.Total.Estimate;
        return new DiscountSplit(given, discount.Total, sure, given > 0 ? profit / given : null);
    }
}
