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
    public void OutOfTime_FirstDrawingDone_StopsWhereAnotherAndTheRestDoNotFit(int before, int drawing, int budget, bool stops)
    {
        var asked = new TimeBudget(clock, clock.GetTimestamp(), budget);
        clock.Advance(TimeSpan.FromSeconds(before));
        var outOfTime = asked.OutOfTime(armsLeft: 0);
        clock.Advance(TimeSpan.FromSeconds(drawing));
        Assert.Equal(stops, outOfTime());
    }

    [Fact]
    public void OutOfTime_WithinAnotherDrawing_StopsWhereTheRestDoesNotFit()
    {
        var outOfTime = new TimeBudget(clock, clock.GetTimestamp(), 60).OutOfTime(armsLeft: 0);
        clock.Advance(TimeSpan.FromSeconds(18));
        Assert.False(outOfTime());
        clock.Advance(TimeSpan.FromSeconds(24));
        Assert.False(outOfTime());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(outOfTime());
    }

    [Fact]
    public void OutOfTime_OtherArmsWait_LeavesThemTheirTime()
    {
        var budget = new TimeBudget(clock, clock.GetTimestamp(), 60);
        var (alone, first) = (budget.OutOfTime(armsLeft: 0), budget.OutOfTime(armsLeft: 2));
        clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal((false, true), (alone(), first()));
    }
}
