using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>
/// A campaign of nine weeks that is looked at every day: the confidence sequence over each customer's first seven days at what α is set aside for looks, and the
/// interval of the planned end at the rest, both through the banner. Customers enter at launch and day by day.
/// </summary>
/// <param name="Group">Which table.</param>
/// <param name="Customers">Who enter until the end.</param>
/// <param name="AtLaunch">Share of them that is there on the first day.</param>
/// <param name="HeldOut">Share of control.</param>
/// <param name="Baskets">What buyers bring; null decides on conversion.</param>
/// <param name="MoreBuyers">With the campaign so many times as many buy.</param>
/// <param name="HasEnd">Whether an end is planned; without one the sequence has all of α and nothing is read at the end.</param>
public sealed record PeekedCampaign(string Group, long Customers, double AtLaunch, double HeldOut, Baskets? Baskets, double MoreBuyers = 1, bool HasEnd = true)
    : ExperimentSimulation(Group, FormattableString.Invariant(
        $"{Baskets?.Name ?? "conversion"}|{Customers:#,0}|{100 * AtLaunch:0} %|{100 * HeldOut:0} %|{MoreBuyers:0.##}|{(HasEnd ? "planned" : "none")}"))
{
    /// <summary>Runs in which some look, or the end, claimed something; and both together.</summary>
    public const string LookGood = "look-good", LookBad = "look-bad", EndGood = "end-good", EndBad = "end-bad", Good = "good", Bad = "bad", Any = "any";

    /// <summary>What one reading at the end with all of α (Hall's interval at 5 %) would have claimed.</summary>
    public const string FixedGood = "fixed-good", FixedBad = "fixed-bad";

    /// <summary>Days it runs, and days in which outcomes count after it.</summary>
    public const int Days = 63, Attribution = 14;

    private const double Weekly = 0.03, Minor = 100;
    private const int Horizon = 28;
    private static readonly int FirstDays = PeekingPlan.Days(Attribution);

    /// <inheritdoc />
    protected override void Run(SeededRandom random, Figures figures)
    {
        var cap = Cap(random);
        SimulatedCohort none = new(Baskets, cap, Weekly, FirstDays), one = none with { Weekly = Weekly * MoreBuyers };
        var plan = new PeekingPlan(HasEnd ? Customers : Entered(Horizon), HasEnd);
        ArmSoFar treated = new(), control = new();
        bool lookGood = false, lookBad = false;
        for (var day = 0; day < Days; day++)
        {
            var entering = Entered(day + 1) - Entered(day);
            var held = Draws.Binomial(random, entering, HeldOut);
            control.Enter(day, none.Draw(random, held, Days + Attribution - day));
            treated.Enter(day, one.Draw(random, entering - held, Days + Attribution - day));
            var (first1, first0) = (treated.First(day + 1 - FirstDays), control.First(day + 1 - FirstDays));
            if (first1.Count == 0 || first0.Count == 0) continue;
            var effect = Interval(first1.Sums, first0.Sums, PeekingPlan.EndAlpha);
            var look = plan.Look(effect, first1.Count + first0.Count, first1.Buyers, first0.Buyers);
            var said = Banner(effect, look, false, Gates.Weight(first1.Buyers, first0.Buyers, HeldOut), cap);
            (lookGood, lookBad) = (lookGood || said == Decision.PositiveSoFar, lookBad || said == Decision.Stop);
        }
        var (all1, all0) = (treated.All, control.All);
        var weight = Gates.Weight(all1.Buyers, all0.Buyers, HeldOut);
        var end = HasEnd ? Banner(Interval(all1.Sums, all0.Sums, PeekingPlan.EndAlpha), null, true, weight, cap) : Decision.NoData;
        var alone = Banner(Interval(all1.Sums, all0.Sums, PeekingPlan.LooksAlpha + PeekingPlan.EndAlpha), null, true, weight, cap);
        figures.Count(LookGood, lookGood);
        figures.Count(LookBad, lookBad);
        figures.Count(EndGood, end == Decision.Keep);
        figures.Count(EndBad, end == Decision.Stop);
        figures.Count(Good, lookGood || end == Decision.Keep);
        figures.Count(Bad, lookBad || end == Decision.Stop);
        figures.Count(Any, lookGood || lookBad || end is Decision.Keep or Decision.Stop);
        figures.Count(FixedGood, alone == Decision.Keep);
        figures.Count(FixedBad, alone == Decision.Stop);
    }

    private long Entered(int days) => (long)Math.Round(Customers * (AtLaunch + (1 - AtLaunch) * days / Days)) * Math.Sign(days);

    private Decision Banner(EffectInterval effect, Band? look, bool closed, double weight, MoneyCap? cap) => DecisionBanner.Of(new DecisionFacts(
        [], weight, cap?.FewestBuyers ?? Gates.FewestSuccesses, closed, Days, effect.Estimate, effect is { Low: { } low, High: { } high } ? new Band(low, high) : null,
        look, EndMoved: false, SequenceOnlyInterval: null, ControlMargin: 0, Target: 0, GuardrailHarm: false, DaysLeft: null)).Decision;

    private EffectInterval Interval(OutcomeSums treated, OutcomeSums control, double alpha) => Baskets is null
        ? MeanDifference.Welch(treated.Moments(), control.Moments(), alpha)
        : MeanDifference.SkewCorrected(treated.Moments(Minor), control.Moments(Minor), alpha).Interval;

    // One window of the planned length fits into the 90 days before.
    private MoneyCap? Cap(SeededRandom random)
    {
        if (Baskets is null) return null;
        var totals = new SimulatedCohort(Baskets, null, Weekly, FirstDays).Totals(random, Customers, Days);
        return MoneyCap.Choose(totals, totals, totals.Count * Math.Min(HeldOut, 1 - HeldOut));
    }

    private sealed class ArmSoFar
    {
        private readonly CohortSums[] byDay = new CohortSums[Days];
        private CohortSums first;
        private int added;

        public (long Count, long Buyers, OutcomeSums Sums) All => byDay.Aggregate(default(CohortSums), (a, b) => a.Plus(b)) is var s ? (s.Final.Count, s.FinalBuyers, s.Final) : default;

        public void Enter(int day, CohortSums cohort) => byDay[day] = cohort;

        // Of those who entered on the first so many days.
        public (long Count, long Buyers, OutcomeSums Sums) First(int days)
        {
            for (; added < days; added++) first = first.Plus(byDay[added]);
            return (first.First.Count, first.FirstBuyers, first.First);
        }
    }
}
