using CampaignManager.Application.Jobs.Schedules;

namespace CampaignManager.Application.Tests.Jobs.Schedules;

public sealed class CronFaultTests
{
    [Theory]
    [InlineData("0 3 * * *")]
    [InlineData("  */15   8-18  1,15 * 1-5 ")]
    [InlineData("0 3 L * *")]
    [InlineData("@daily")]
    public void Of_ARightExpression_IsNull(string cron) => Assert.Null(CronFault.Of(cron));

    [Theory]
    [InlineData("61 4 * * *", "minute", "61")]
    [InlineData("0 25 * * *", "hour", "25")]
    [InlineData("0 0 32 * *", "day", "32")]
    [InlineData("0 0 * 13 *", "month", "13")]
    [InlineData("0 0 * * 8", "weekday", "8")]
    [InlineData("a b * * *", "minute", "a")]
    public void Of_AWrongField_NamesItAndItsRange(string cron, string field, string text)
    {
        var fault = CronFault.Of(cron)!;
        Assert.Equal((CronFaultKind.Field, field, text), (fault.Kind, CronFault.Fields[fault.Field].Name, fault.Text));
        Assert.Contains($"The {field} '{text}' is wrong: {fault.Min} to {fault.Max}", ScheduleClock.Read(cron, "UTC").Failure!.Errors!["cron"].Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("0 3 * *", 4)]
    [InlineData("0 0 3 * * *", 6)]
    public void Of_AnotherNumberOfFields_CountsThem(string cron, int count) => Assert.Equal(new CronFault(CronFaultKind.Count, count), CronFault.Of(cron));

    [Fact]
    public void Of_ADayThatNeverComes_SaysSo() => Assert.Equal(CronFaultKind.Never, CronFault.Of("0 0 30 2 *")!.Kind);
}
