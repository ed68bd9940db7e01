using CampaignManager.Simulation.Experiments;

namespace CampaignManager.Engine.Tests.Experiments.Simulated;

/// <summary>The decision rule on simulated experiments: what `-- experiments` shows with 10,000 runs a row, with fewer and wider limits here.</summary>
public class ClosedExperimentTests
{
    private const int Runs = 1500;

    // Three standard errors of a share of .045 over so many runs.
    private const double Noise = 0.016;

    [Theory]
    [InlineData(null, 0.1)]
    [InlineData(0.8, 0.5)]
    [InlineData(1.2, 0.2)]
    [InlineData(1.6, 0.1)]
    public void Decision_WithoutAnEffect_ErrsAsPromisedOnBothSides(double? sigma, double heldOut)
    {
        var figures = new ClosedExperiment("test", 20_000, heldOut, 0.05, Of(sigma)).Several(0, Runs);

        Assert.True(figures[ClosedExperiment.Passed] > 0.9 * Runs);
        double keep = figures.Share(ClosedExperiment.Keep, ClosedExperiment.Passed), stop = figures.Share(ClosedExperiment.Stop, ClosedExperiment.Passed);
        Assert.InRange(keep + stop, 0.032 - Noise, 0.065 + Noise);
        Assert.InRange(keep, 0.009 - Noise / 2, 0.04 + Noise / 2);
        Assert.InRange(stop, 0.009 - Noise / 2, 0.04 + Noise / 2);
    }

    [Fact]
    public void Welch_HeavyTailsAndASmallArm_ErrsTowardsItWorks()
    {
        var figures = new ClosedExperiment("test", 20_000, 0.1, 0.05, Of(1.6)).Several(0, Runs);

        Assert.True(figures[ClosedExperiment.WelchKeep] > 2 * figures[ClosedExperiment.WelchStop]);
        Assert.True(figures[ClosedExperiment.WelchKeep] > figures[ClosedExperiment.Keep]);
    }

    [Theory]
    [InlineData(null, 1.1, 1)]
    [InlineData(1.2, 0.9, 1)]
    [InlineData(1.6, 1.05, 1.1)]
    public void Interval_OfARealEffect_CoversIt(double? sigma, double buyers, double larger)
    {
        var figures = new ClosedExperiment("test", 20_000, 0.2, 0.05, Of(sigma), buyers, larger).Several(0, Runs);

        Assert.InRange(figures.Share(ClosedExperiment.Covers, ClosedExperiment.Passed), 0.935 - Noise, 0.965 + Noise);
    }

    [Fact]
    public void Gate_FewBuyers_SaysNoData() =>
        Assert.Equal(0, new ClosedExperiment("test", 20_000, 0.1, 0.01, Of(1.2)).Several(0, 200)[ClosedExperiment.Passed]);

    [Fact]
    public void Several_InParts_IsTheSameAsAtOnce()
    {
        var row = new ClosedExperiment("test", 20_000, 0.1, 0.05, Of(0.8));
        var parts = row.Several(0, 20);
        parts.Add(row.Several(20, 20).Sums);

        Assert.Equal(row.Several(0, 40).Sums, parts.Sums);
    }

    private static LogNormalBaskets? Of(double? sigma) => sigma is { } s ? new LogNormalBaskets(s) : null;
}
