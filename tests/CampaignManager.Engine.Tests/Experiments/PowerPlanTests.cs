using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Tests.Experiments;

public sealed class PowerPlanTests
{
    private static readonly PowerPlan Growing = new(days => PowerWindow.OfConversion(20_000, 0.01 * days));

    [Fact]
    public void Detectable_Conversion_IsWhatTheProportionsFormulaSays() =>
        Assert.Equal(Power.DetectableDifference(0.08, 18_000, 2_000)!.Value, Growing.Detectable(0.1, 8)!.Value, 12);

    [Fact]
    public void SuggestedShare_OfThoseThatSeeTheTarget_IsTheSmallest()
    {
        var plan = new PowerPlan(_ => PowerWindow.OfConversion(20_000, 0.08));

        Assert.True(plan.Detectable(0.2, 1) <= 0.0135);
        Assert.Equal(0.2, plan.SuggestedShare(0.0135, 1));
        Assert.True(plan.Detectable(0.1, 1) > 0.0135);
        Assert.Null(plan.SuggestedShare(0.005, 1));
    }

    [Theory]
    [InlineData(20_000, 0.08, 0.012, FirstExperimentVerdict.Sees)]
    [InlineData(20_000, 0.08, 0.005, FirstExperimentVerdict.TooFew)]
    [InlineData(200, 0.08, 0.005, FirstExperimentVerdict.CannotLearn)]
    [InlineData(0, 0.08, 0.005, FirstExperimentVerdict.CannotLearn)]
    [InlineData(20_000, 0.08, null, FirstExperimentVerdict.Sees)]
    [InlineData(200, 0.08, null, FirstExperimentVerdict.CannotLearn)]
    public void Verdict_BySizeAndTarget_SaysWhatCanBeDone(long customers, double baseline, double? target, FirstExperimentVerdict expected) =>
        Assert.Equal(expected, new PowerPlan(_ => PowerWindow.OfConversion(customers, baseline)).Verdict(target, 14));

    [Fact]
    public void DaysLeft_UntilTheTargetIsSeen_CountsFromToday()
    {
        var plan = new PowerPlan(days => PowerWindow.OfConversion(1000L * days, 0.08));
        var first = Enumerable.Range(1, 60).First(d => plan.Detectable(0.2, d) <= 0.02);

        Assert.Equal(first - 3, plan.DaysLeft(0.2, 0.02, 3));
        Assert.Equal(0, plan.DaysLeft(0.2, 0.02, first + 5));
        Assert.Null(plan.DaysLeft(0.2, 0.0001, 3));
    }

    [Fact]
    public void Detectable_TwoHundredBuyersInTheSmallerArm_TakesTheHigherCap()
    {
        var few = new PowerWindow(19_999, 0.1, 1, 10, 15);
        var many = new PowerWindow(20_001, 0.1, 1, 10, 15);

        Assert.Equal(1.5, many.Detectable(0.1)!.Value / few.Detectable(0.1)!.Value, 1e-3);
        // Half held out has enough buyers either way.
        Assert.Equal(1, many.Detectable(0.5)!.Value / few.Detectable(0.5)!.Value, 1e-3);
    }

    [Fact]
    public void Towards_HalfWay_MixesVariancesNotDeviations()
    {
        var middle = new PowerWindow(10, 0.1, 2, 3, 3).Towards(new PowerWindow(10, 0.3, 4, 5, 5), 0.5);

        Assert.Equal((10, 3.0), (middle.Customers, middle.Mean));
        Assert.Equal(0.2, middle.Buying, 12);
        Assert.Equal(Math.Sqrt(17), middle.Deviation, 12);
    }
}
