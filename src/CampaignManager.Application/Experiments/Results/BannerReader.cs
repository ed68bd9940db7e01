using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Application.Experiments.Results;

/// <summary>Puts together what the decision is made of, arm by arm.</summary>
/// <param name="closed">The final reading is there.</param>
/// <param name="daysLeft">Until the last window closes; null where no end is planned.</param>
internal sealed class BannerReader(ExperimentDesign design, MetricColumn decides, ExperimentHealth health, bool closed, int? daysLeft)
{
    private const double HalfOfBaseline = 0.5;

    /// <param name="arms">Each treated arm: its comparison with control in the reading that counts, its pairs there, and in the first days.</param>
    public IReadOnlyList<ArmDecision> Read(IReadOnlyList<(ComparisonResult Comparison, IReadOnlyList<ArmPair> Pairs, IReadOnlyList<ArmPair> First)> arms, double planned)
    {
        var values = arms.Select(a => a.Comparison.Metric(decides.Name)?.Read.PValue ?? 1).ToArray();
        var adjusted = MultipleTests.Holm(values);
        var levels = Levels(values, design.EndAlpha);
        return [.. arms.Select((a, i) => Decide(a.Comparison, a.Pairs, a.First, levels[i], arms.Count, planned, arms.Count > 1 ? adjusted[i] : null))];
    }

    /// <summary>The arm that the page speaks of: one to keep if there is any, else the best.</summary>
    public static ResultBanner Headline(IReadOnlyList<ArmDecision> arms) => arms.Count == 0
        ? new ResultBanner(Decision.NoData, DecisionReason.Gate, null, null, null, null, null, 0, Gates.Buyers)
        : arms.OrderBy(a => a.Banner.Decision == Decision.Keep ? 0 : 1).ThenByDescending(a => a.Banner.Effect?.Estimate ?? double.NegativeInfinity).First().Banner;

    private ArmDecision Decide(
        ComparisonResult comparison, IReadOnlyList<ArmPair> pairs, IReadOnlyList<ArmPair> first, double level, int arms, double planned, double? adjusted)
    {
        var metric = comparison.Metric(decides.Name);
        var effect = Effect(pairs, level);
        var plan = new PeekingPlan(planned, design.HasEnd);
        var sequence = closed ? null : Look(first, plan, arms);
        // What is left when the end was not the planned one, or none was planned.
        var only = closed && effect is { } e ? Sequence(e, pairs, plan, arms) : null;
        var target = design.Target ?? BreakEven(comparison);
        var facts = new DecisionFacts(
            health.Alarms, metric?.GateWeight ?? 0, metric?.GateNeeded ?? decides.Needed, closed, design.Days ?? 7, effect?.Estimate,
            effect is { Low: { } low, High: { } high } ? new Band(low, high) : null, sequence, design.EndMoved || !design.HasEnd, only, ControlMargin(comparison), target,
            comparison.Guardrails.Any(g => g.Verdict == GuardrailVerdict.Harm), daysLeft, design.Preset);
        var banner = DecisionBanner.Of(facts);
        var read = closed ? facts.EndMoved ? only : facts.Interval : sequence;
        return new ArmDecision(
            comparison.Arm, new ResultBanner(banner.Decision, banner.Reason, comparison.Arm, effect, read, target, daysLeft, facts.GateWeight, facts.GateNeeded), metric?.Read.PValue,
            adjusted, sequence);
    }

    // Holm as levels: the interval at each arm's level excludes 0 exactly where Holm rejects.
    private static double[] Levels(double[] values, double alpha)
    {
        var order = values.Select((p, i) => (p, i)).OrderBy(v => v.p).ToArray();
        var levels = new double[values.Length];
        var left = values.Length;
        foreach (var (p, i) in order)
        {
            levels[i] = alpha / left;
            if (p < levels[i])
                left--;
        }

        return levels;
    }

    private EffectInterval? Effect(IReadOnlyList<ArmPair> pairs, double alpha) =>
        MetricReader.Sums(pairs, decides.Cap is null ? decides.Sums : decides.Capped) is { Count: > 0 } sums
            ? EpochEffects.Of(sums, decides.Units, decides.Kind == MetricKind.Money, alpha).Effect : null;

    private Band? Look(IReadOnlyList<ArmPair> first, PeekingPlan plan, int arms) =>
        first.Count == 0 || first.Sum(p => decides.Buyers(p.Treated)) < PeekingPlan.FirstLook || first.Sum(p => decides.Buyers(p.Control)) < PeekingPlan.FirstLook
            || Effect(first, Power.UsualAlpha) is not { } effect ? null : Sequence(effect, first, plan, arms);

    private Band? Sequence(EffectInterval effect, IReadOnlyList<ArmPair> pairs, PeekingPlan plan, int arms)
    {
        var customers = pairs.Sum(p => (decides.Sums(p.Treated)?.Count ?? 0) + (decides.Sums(p.Control)?.Count ?? 0));
        return ConfidenceSequence.Of(effect.Estimate, effect.StandardError, customers, plan.Planned, plan.SequenceAlpha / arms) is { } s ? new Band(s.Low, s.High) : null;
    }

    private double ControlMargin(ComparisonResult comparison) =>
        (comparison.Metric("margin") ?? comparison.Metric(decides.Name))?.Control.Mean ?? 0;

    // What goes to those who buy anyway, and what telling them costs: less than that cannot pay. Of a data set without discounts, half of what control does.
    private double BreakEven(ComparisonResult comparison)
    {
        if (comparison.Metric("discount") is { Treated: { Sum: > 0 and var given, Count: var customers } }
            && comparison.Metric(MetricColumn.Conversion) is { Treated.Sum: > 0 and var buyers, Control.Mean: { } baseline })
            return new BreakEven(0, given / buyers, Math.Clamp(baseline, 0, 1), design.ContactCost).ToSureBuyers + design.ContactCost;
        return HalfOfBaseline * Math.Abs(comparison.Metric(decides.Name)?.Control.Mean ?? 0);
    }
}
