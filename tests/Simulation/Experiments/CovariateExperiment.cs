using CampaignManager.Engine.Experiments.Decisions;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>CUPED on money whose buyers before are likelier to buy again, and whose baskets resemble those before; some joined too late to have a before.</summary>
/// <param name="Group">Which table.</param>
/// <param name="Customers">In both arms.</param>
/// <param name="HeldOut">Share of control.</param>
/// <param name="Sigma">Of the baskets' logarithm.</param>
/// <param name="Likeness">Correlation of the logarithms of a customer's two baskets.</param>
/// <param name="MoreBuyers">With the campaign so many times as many buy.</param>
public sealed record CovariateExperiment(string Group, long Customers, double HeldOut, double Sigma, double Likeness, double MoreBuyers)
    : ExperimentSimulation(Group, FormattableString.Invariant($"money of σ {Sigma:0.0}|{Customers:#,0}|{100 * HeldOut:0} %|{Likeness:0.0}|{MoreBuyers:0.##}"))
{
    /// <summary>
    /// Σ of estimate − truth and of its square, raw and adjusted (not over the SE: that moves with the estimate where baskets are skewed); intervals that hold the
    /// truth; Σ of the cut.
    /// </summary>
    public const string RawError = "raw-error", Error = "error", Covers = "covers", Cut = "cut", SquaredRawError = "raw-square", SquaredError = "square";

    private const double Before = 0.05, AgainIfBefore = 0.5, AgainIfNot = 0.03, Missing = 0.1, Median = 4000, Minor = 100;

    /// <summary>Mean error in standard deviations of one experiment's error.</summary>
    public static double Bias(Figures figures, bool raw = false)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return figures.Share(raw ? RawError : Error, Runs) / Math.Sqrt(figures.Share(raw ? SquaredRawError : SquaredError, Runs));
    }

    // Frozen at launch, about the 95th percentile of the baskets.
    private MoneyCap Cap => new((long)(Median * Math.Exp(1.645 * Sigma)), 0.95, CapSource.Audience);

    /// <inheritdoc />
    protected override void Run(SeededRandom random, Figures figures)
    {
        var held = Draws.Binomial(random, Customers, HeldOut);
        CrossSums none = Arm(random, held, 1), one = Arm(random, Customers - held, MoreBuyers);
        var cuped = Cuped.OfMean(one, none, [Minor, Minor, 1], alpha: PeekingPlan.EndAlpha);
        var truth = (MoreBuyers - 1) * Buying * new LogNormalBaskets(Sigma).Mean(Cap.Cap) / Minor;
        double raw = cuped.Unadjusted.Estimate!.Value - truth, adjusted = cuped.Adjusted.Estimate!.Value - truth;
        figures.Add(RawError, raw);
        figures.Add(Error, adjusted);
        figures.Add(SquaredRawError, raw * raw);
        figures.Add(SquaredError, adjusted * adjusted);
        figures.Add(Cut, cuped.VarianceCut!.Value);
        figures.Count(Covers, cuped.Adjusted.Low <= truth && truth <= cuped.Adjusted.High);
    }

    // Whoever joined lately is taken as one who did not buy before.
    private static double Buying => (1 - Missing) * (Before * AgainIfBefore + (1 - Before) * AgainIfNot) + Missing * AgainIfNot;

    // Columns y, y before, missing; only who bought at some time is drawn one by one.
    private CrossSums Arm(SeededRandom random, long customers, double times)
    {
        double again = AgainIfBefore * times, anew = AgainIfNot * times, known = 1 - Missing;
        var counts = Draws.Multinomial(random, customers,
            [known * Before * again, known * Before * (1 - again), known * (1 - Before) * anew, Missing * anew, Missing * (1 - anew), known * (1 - Before) * (1 - anew)]);
        var buyers = CrossSums.Of(3, Rows(random, counts));
        return buyers.Plus(CrossSums.Stored(counts[4], [0, 0, counts[4]], [0, 0, 0, 0, 0, counts[4]])).Plus(CrossSums.Stored(counts[5], [0, 0, 0], new Int128[6]));
    }

    private IEnumerable<long[]> Rows(SeededRandom random, long[] counts)
    {
        for (var i = 0L; i < counts[0]; i++)
        {
            double before = random.NextNormal(), now = Likeness * before + Math.Sqrt(1 - Likeness * Likeness) * random.NextNormal();
            yield return [Basket(now), Basket(before), 0];
        }
        for (var i = 0L; i < counts[1]; i++) yield return [0, Basket(random.NextNormal()), 0];
        for (var i = 0L; i < counts[2]; i++) yield return [Basket(random.NextNormal()), 0, 0];
        for (var i = 0L; i < counts[3]; i++) yield return [Basket(random.NextNormal()), 0, 1];
    }

    private long Basket(double z) => Cap.Of((long)Math.Round(Median * Math.Exp(Sigma * z)));
}
