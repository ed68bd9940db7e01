using CampaignManager.Application.Jobs.Schedules;

namespace CampaignManager.Application.Tests.Jobs.Schedules;

public sealed class RhythmTests
{
    [Theory]
    [InlineData("15 * * * *", RhythmKind.Hourly)]
    [InlineData("30 4 * * *", RhythmKind.Daily)]
    [InlineData("0 23 * * 0", RhythmKind.Weekly)]
    [InlineData("5 0 28 * *", RhythmKind.Monthly)]
    [InlineData("5 0 L * *", RhythmKind.Monthly)]
    [InlineData("0 3 * * 1-5", RhythmKind.Custom)]
    [InlineData("*/10 * * * *", RhythmKind.Custom)]
    [InlineData("0 3 31 * *", RhythmKind.Custom)]
    [InlineData("0 3 1 1 *", RhythmKind.Custom)]
    [InlineData("0 * * * 1", RhythmKind.Custom)]
    [InlineData("0 3 1 * 1", RhythmKind.Custom)]
    public void Of_CronExpression_IsReadAndWrittenBackTheSame(string cron, RhythmKind kind)
    {
        var rhythm = Rhythm.Of(cron);
        Assert.Equal(kind, rhythm.Kind);
        Assert.Equal(cron, rhythm.ToCron());
    }

    [Fact]
    public void Of_Weekly_KnowsDayAndTime() => Assert.Equal((DayOfWeek.Friday, new TimeOnly(21, 5)), (Rhythm.Of("5 21 * * 5").Weekday, Rhythm.Of("5 21 * * 5").Time));

    [Fact]
    public void Of_SundayAsSeven_IsSunday() => Assert.Equal("0 3 * * 0", Rhythm.Of("0 3 * * 7").ToCron());
}
