using CampaignManager.Engine.Experiments;
using CampaignManager.Simulation.Experiments;

namespace CampaignManager.Engine.Tests.Experiments.Simulated;

/// <summary>Fewer runs of what `-- experiments` shows beside the decision at the end: looks, plans, CUPED, segments, sample ratios.</summary>
public class LookedAtTests
{
    [Theory]
    [InlineData(0.5, 0, true)]
    [InlineData(0.1, 0.5, true)]
    [InlineData(0.5, 0, false)]
    public void Peeking_EveryDayWithoutAnEffect_StaysWithinFivePercent(double heldOut, double atLaunch, bool hasEnd)
    {
        var figures = new PeekedCampaign("test", 10_000, atLaunch, heldOut, null, HasEnd: hasEnd).Several(0, 300);

        // .05 and three standard errors.
        Assert.InRange(figures.Share(PeekedCampaign.Any, ExperimentSimulation.Runs), 0, 0.05 + 0.038);
        Assert.True(figures[PeekedCampaign.LookGood] + figures[PeekedCampaign.LookBad] <= figures[PeekedCampaign.Any]);
    }

    [Fact]
    public void Peeking_ARealEffect_IsFoundNearlyAsOftenAsByOneReading()
    {
        var figures = new PeekedCampaign("test", 10_000, 0, 0.5, new LogNormalBaskets(0.8), 1.25).Several(0, 200);

        var found = figures.Share(PeekedCampaign.Good, ExperimentSimulation.Runs);
        Assert.InRange(found, figures.Share(PeekedCampaign.FixedGood, ExperimentSimulation.Runs) - 0.05, 1);
        Assert.True(found > 0.5);
        Assert.True(figures[PeekedCampaign.LookGood] > 0);
    }

    // Where baskets are skewed and the arm held out is small, the interval that keeps its word needs a bit more than the plan's normal reckoning.
    [Theory]
    [InlineData(null, 0.5, 0.75, 0.85)]
    [InlineData(0.8, 0.5, 0.75, 0.85)]
    [InlineData(1.2, 0.1, 0.68, 0.85)]
    public void Detectable_AnEffectOfThatSize_IsFoundFourTimesInFive(double? sigma, double heldOut, double least, double most)
    {
        var row = ClosedExperiment.AsPlanned("test", 100_000, heldOut, 0.05, sigma is { } s ? new LogNormalBaskets(s) : null);
        var figures = row.Several(0, 500);

        Assert.InRange(figures.Share(ClosedExperiment.FixedKeep, ClosedExperiment.Passed), least, most);
    }

    [Theory]
    [InlineData(0.1, 1.1)]
    [InlineData(0.5, 0.9)]
    public void Cuped_ManyExperiments_IsUnbiasedAndNarrower(double heldOut, double more)
    {
        var figures = new CovariateExperiment("test", 20_000, heldOut, 1.2, 0.5, more).Several(0, 400);

        Assert.InRange(CovariateExperiment.Bias(figures), -0.15, 0.15);
        Assert.InRange(figures.Share(CovariateExperiment.Covers, ExperimentSimulation.Runs), 0.92, 0.99);
        Assert.True(figures[CovariateExperiment.SquaredError] < figures[CovariateExperiment.SquaredRawError]);
    }

    [Fact]
    public void Segments_AllAlike_AreSeldomCalledDifferent()
    {
        var figures = new SegmentedExperiment("test", 50_000, 0.5, null, 1.1, 1.1).Several(0, 300);

        Assert.InRange(figures.Share(SegmentedExperiment.False, ExperimentSimulation.Runs), 0, 0.1 + 0.052);
        Assert.True(figures[SegmentedExperiment.AnyCell] > 100);
    }

    [Fact]
    public void Segments_OneDiffers_IsFound()
    {
        var figures = new SegmentedExperiment("test", 50_000, 0.5, null, 1.3, 0.9).Several(0, 100);

        Assert.True(figures[SegmentedExperiment.First] > 80);
    }

    [Fact]
    public void SampleRatio_AsPlanned_HardlyEverAlarms_AndLostCustomersAreSeen()
    {
        var quiet = new SplitWatch("test", 20_000, 0.5, 0).Several(0, 400);
        var lost = new SplitWatch("test", 20_000, 0.5, 0.1).Several(0, 100);

        Assert.True(quiet[SplitWatch.Alarm] <= 8);
        Assert.True(lost[SplitWatch.Alarm] >= 99);
    }
}
