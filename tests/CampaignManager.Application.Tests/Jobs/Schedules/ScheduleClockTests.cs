using System.Globalization;
using CampaignManager.Application.Jobs.Schedules;

namespace CampaignManager.Application.Tests.Jobs.Schedules;

public sealed class ScheduleClockTests
{
    private static ScheduleClock Clock(string cron, string zone) => ScheduleClock.Read(cron, zone).Value;

    private static IEnumerable<string> Next(string cron, string zone, string after, int count = 5) =>
        Clock(cron, zone).Next(AJobRoom.Utc(after), count).Select(t => t.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    [Fact]
    public void Next_DailyInShanghai_IsNineteenHoursUtcTheDayBefore() => Assert.Equal(
        ["2026-06-01 19:00", "2026-06-02 19:00", "2026-06-03 19:00", "2026-06-04 19:00", "2026-06-05 19:00"],
        Next("0 3 * * *", "Asia/Shanghai", "2026-06-01T00:00Z"));

    [Fact]
    public void Next_AtADueTime_BeginsAfterIt() => Assert.Equal(["2026-06-02 03:00"], Next("0 3 * * *", "UTC", "2026-06-01T03:00Z", 1));

    // 29 March 2026: Berlin's clock goes from 02:00 to 03:00 at 01:00 UTC. 02:30 is not there that day.
    [Fact]
    public void Next_TimeSkippedInSpring_FallsDueRightAfterTheGap() => Assert.Equal(
        ["2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"], Next("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00Z", 3));

    // 25 October 2026: 02:30 comes twice, at 00:30 and 01:30 UTC.
    [Fact]
    public void Next_TimeRepeatedInAutumn_FallsDueOnce() => Assert.Equal(
        ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"], Next("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00Z", 3));

    [Fact]
    public void Next_HourlyOverTheAutumnChange_SkipsNoHour() => Assert.Equal(
        ["2026-10-24 23:00", "2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 02:00"], Next("0 * * * *", "Europe/Berlin", "2026-10-24T22:00Z", 4));

    [Fact]
    public void Next_LastDayOfTheMonth_FollowsItsLength() => Assert.Equal(
        ["2027-01-31 03:00", "2027-02-28 03:00", "2027-03-31 03:00"], Next("0 3 L * *", "UTC", "2027-01-01T00:00Z", 3));

    [Fact]
    public void LastDue_SeveralMissed_IsTheLast() =>
        Assert.Equal(AJobRoom.Utc("2026-06-04T03:00Z"), Clock("0 3 * * *", "UTC").LastDue(AJobRoom.Utc("2026-06-01T03:00Z"), AJobRoom.Utc("2026-06-05T02:59Z")));

    [Theory]
    [InlineData("2026-06-01T03:00Z", "2026-06-02T02:59Z")]
    [InlineData("2026-06-02T00:00Z", "2026-06-01T00:00Z")]
    public void LastDue_NoneBetween_IsNull(string after, string until) => Assert.Null(Clock("0 3 * * *", "UTC").LastDue(AJobRoom.Utc(after), AJobRoom.Utc(until)));

    [Theory]
    [InlineData("", "UTC", "cron")]
    [InlineData("0 3 * *", "UTC", "cron")]
    [InlineData("0 0 3 * * *", "UTC", "cron")]
    [InlineData("0 25 * * *", "UTC", "cron")]
    [InlineData("0 3 31 2 *", "UTC", "cron")]
    [InlineData("0 3 * * *", "Mars/Olympus", "zone")]
    [InlineData("0 3 * * *", "", "zone")]
    public void Read_Wrong_NamesTheField(string cron, string zone, string field) =>
        Assert.Equal([field], ScheduleClock.Read(cron, zone).Failure!.Errors!.Keys);
}
