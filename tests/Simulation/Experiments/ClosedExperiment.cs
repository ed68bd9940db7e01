using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>
/// A campaign read once, at its planned end, by the decision as shipped: cap from the 90 days before, gate, Hall's interval (conversion: Newcombe's or Welch's)
/// at the level left for the end, banner.
/// </summary>
/// <param name="Group">Which table.</param>
/// <param name="Customers">In both arms.</param>
/// <param name="HeldOut">Share of control.</param>
/// <param name="Baseline">Share of customers who buy without the campaign.</param>
/// <param name="Baskets">What buyers bring; null decides on conversion.</param>
/// <param name="MoreBuyers">With the campaign so many times as many buy.</param>
/// <param name="LargerBaskets">With the campaign baskets are so many times as large.</param>
public sealed record ClosedExperiment(
    string Group, long Customers, double HeldOut, double Baseline, Baskets? Baskets, double MoreBuyers = 1, double LargerBaskets = 1)
    : ExperimentSimulation(Group, FormattableString.Invariant(
        $"{Baskets?.Name ?? "conversion"}|{100 * Baseline:0.##} % buy|{Customers:#,0}|{100 * HeldOut:0} %|{MoreBuyers:0.####}|{LargerBaskets:0.##}"))
{
    /// <summary>Runs that pass the gate, and what the banner said of them.</summary>
    public const string Passed = "passed", Keep = "keep", Stop = "stop";

    /// <summary>Of those that pass: whether the interval shown holds the true (capped) effect, and what plain Welch at the same level would have claimed.</summary>
    public const string Covers = "covers", WelchKeep = "welch-keep", WelchStop = "welch-stop";

    /// <summary>What a single reading with all of α, no looks before it, would have claimed.</summary>
    public const string FixedKeep = "fixed-keep";

    private const int Days = 28, WindowsBefore = 3;
    private const double Minor = 100;

    /// <summary>An effect of the size that the plan says is seen four times in five: baskets as they are, more buyers.</summary>
    public static ClosedExperiment AsPlanned(string group, long customers, double heldOut, double baseline, Baskets? baskets)
    {
        // The capped spread of the history, as the editor takes it; the cap drawn in a run is close to this one.
        var cap = baskets is null ? (long?)null : CapOf(new SeededRandom(1), baskets, customers, heldOut, baseline).Cap;
        double mean = baskets?.Mean(cap) ?? 1, square = baskets?.MeanSquare(cap) ?? 1;
        var deviation = Math.Sqrt(baseline * square - baseline * mean * baseline * mean);
        var held = (long)Math.Round(customers * heldOut);
        var effect = Power.DetectableMean(deviation, customers - held, held)!.Value;
        return new ClosedExperiment(group, customers, heldOut, baseline, baskets, 1 + effect / (baseline * mean));
    }

    /// <inheritdoc />
    protected override void Run(SeededRandom random, Figures figures)
    {
        var cap = Baskets is null ? null : CapOf(random, Baskets, Customers, HeldOut, Baseline);
        var control = Draws.Binomial(random, Customers, HeldOut);
        var treated = Customers - control;
        var (none, noneBuyers) = Arm(random, control, Baseline, 1, cap);
        var (one, oneBuyers) = Arm(random, treated, Baseline * MoreBuyers, LargerBaskets, cap);
        var weight = Gates.Weight(oneBuyers, noneBuyers, HeldOut);
        var (interval, plain) = cap is null ? OfConversion(oneBuyers, treated, noneBuyers, control, weight) : OfMoney(one, none);
        var banner = DecisionBanner.Of(new DecisionFacts([], weight, cap?.FewestBuyers ?? Gates.FewestSuccesses, Closed: true, Days, interval.Estimate,
            interval is { Low: { } low, High: { } high } ? new Band(low, high) : null, Sequence: null, EndMoved: false, SequenceOnlyInterval: null,
            none.Moments(Minor).Mean, Target: 0, GuardrailHarm: false, DaysLeft: null));
        if (banner.Decision == Decision.NoData) return;
        figures.Count(Passed);
        figures.Count(Keep, banner.Decision == Decision.Keep);
        figures.Count(Stop, banner.Decision == Decision.Stop);
        figures.Count(Covers, interval.Low <= Truth(cap) && Truth(cap) <= interval.High);
        figures.Count(FixedKeep, interval.PValue < Power.UsualAlpha && interval.Estimate > 0);
        figures.Count(WelchKeep, plain.Low > 0);
        figures.Count(WelchStop, plain.High < 0);
    }

    // Disjoint windows of the planned length in the 90 days before launch, of the same customers.
    private static MoneyCap CapOf(SeededRandom random, Baskets baskets, long customers, double heldOut, double baseline)
    {
        var totals = new long[Draws.Binomial(random, WindowsBefore * customers, baseline)];
        for (var i = 0; i < totals.Length; i++) totals[i] = baskets.Draw(random);
        return MoneyCap.Choose(totals, totals, customers * Math.Min(heldOut, 1 - heldOut) * baseline);
    }

    private (OutcomeSums Sums, long Buyers) Arm(SeededRandom random, long customers, double share, double times, MoneyCap? cap)
    {
        var buyers = Draws.Binomial(random, customers, share);
        if (cap is null) return (OutcomeSums.OfProportion(buyers, customers), buyers);
        var sums = new OutcomeSums(customers - buyers, 0, 0, 0);
        for (var i = 0L; i < buyers; i++) sums += OutcomeSums.Of(cap.Of(Baskets!.Draw(random, times)));
        return (sums, buyers);
    }

    private static (EffectInterval Shown, EffectInterval Plain) OfMoney(OutcomeSums treated, OutcomeSums control)
    {
        ArmMoments one = treated.Moments(Minor), none = control.Moments(Minor);
        return (MeanDifference.SkewCorrected(one, none, PeekingPlan.EndAlpha).Interval, MeanDifference.Welch(one, none, PeekingPlan.EndAlpha));
    }

    private static (EffectInterval Shown, EffectInterval Plain) OfConversion(long oneBuyers, long treated, long noneBuyers, long control, double weight)
    {
        var welch = Proportions.Welch(oneBuyers, treated, noneBuyers, control, PeekingPlan.EndAlpha);
        if (Gates.ForConversion(weight) != ConversionInterval.Newcombe) return (welch, welch);
        var newcombe = Proportions.Newcombe(oneBuyers, treated, noneBuyers, control, PeekingPlan.EndAlpha);
        return (welch with { Low = newcombe?.Low, High = newcombe?.High }, welch);
    }

    private double Truth(MoneyCap? cap) => Baskets is null ? Baseline * (MoreBuyers - 1)
        : (Baseline * MoreBuyers * Baskets.Mean(cap?.Cap, LargerBaskets) - Baseline * Baskets.Mean(cap?.Cap)) / Minor;
}
