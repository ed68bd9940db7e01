using CampaignManager.Application.Uplift.Training;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class TimeBudgetTests
{
    private readonly FakeTimeProvider clock = new();

    [Theory]
    [InlineData(10, 16, 60, false)]
    [InlineData(10, 25, 60, true)]
    [InlineData(0, 30, 60, true)]
    [InlineData(0, 20, 60, false)]
    [InlineData(50, 20, 60, true)]
    public void IsOut_FirstDrawingDone_StopsWhereAnotherAndTheRestDoNotFit(int before, int drawing, int budget, bool stops)
    {
        var asked = new TimeBudget(clock, clock.GetTimestamp(), budget);
        clock.Advance(TimeSpan.FromSeconds(before));
        var arm = asked.OfArm(armsLeft: 0);
        clock.Advance(TimeSpan.FromSeconds(drawing));
        Assert.Equal(stops, arm.IsOut());
    }

    [Fact]
    public void IsOut_WithinAnotherDrawing_StopsWhereTheRestDoesNotFit()
    {
        var arm = new TimeBudget(clock, clock.GetTimestamp(), 60).OfArm(armsLeft: 0);
        clock.Advance(TimeSpan.FromSeconds(18));
        Assert.False(arm.IsOut());
        clock.Advance(TimeSpan.FromSeconds(24));
        Assert.False(arm.IsOut());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(arm.IsOut());
    }

    [Fact]
    public void IsOut_OtherArmsWait_LeavesThemTheirTime()
    {
        var budget = new TimeBudget(clock, clock.GetTimestamp(), 60);
        var (alone, first) = (budget.OfArm(armsLeft: 0), budget.OfArm(armsLeft: 2));
        clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal((false, true), (alone.IsOut(), first.IsOut()));
    }

    [Theory]
    [InlineData(14, 14, 8, 0, true)]
    [InlineData(14, 22, 8, 0, false)]
    [InlineData(14, 14, 8, 1, false)]
    public void Fits_OneMoreCandidate_WhereItAndTheRestStillDo(int before, int spent, int more, int armsLeft, bool fits)
    {
        var budget = new TimeBudget(clock, clock.GetTimestamp(), 60);
        clock.Advance(TimeSpan.FromSeconds(before));
        var arm = budget.OfArm(armsLeft);
        clock.Advance(TimeSpan.FromSeconds(spent));
        Assert.Equal(fits, arm.Fits(more));
    }
}
