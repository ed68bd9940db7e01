using System.Globalization;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Engine.Tests.Offers;

public sealed class ScheduleIntervalTests
{
    [Theory]
    [InlineData("Asia/Shanghai", "2026-11-01", "2026-11-11", "2026-10-31T16:00Z", "2026-11-11T16:00Z")]
    [InlineData("UTC", "2026-11-01", "2026-11-01", "2026-11-01T00:00Z", "2026-11-02T00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z")] // a day of 23 hours
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z")] // a day of 25 hours
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04", "2018-11-04T03:00Z", "2018-11-05T02:00Z")] // clocks jump over midnight
    [InlineData("America/Havana", "2026-11-01", "2026-11-01", "2026-11-01T04:00Z", "2026-11-02T05:00Z")] // midnight comes twice
    [InlineData("Pacific/Apia", "2011-12-29", "2011-12-30", "2011-12-29T10:00Z", "2011-12-30T10:00Z")] // the 30th never was
    public void ToUtc_LocalDays_CoverTheWholeDays(string zone, string start, string end, string startUtc, string endUtc)
    {
        var interval = ScheduleInterval.ToUtc(new Schedule { TimeZone = zone, Start = Day(start), End = Day(end) });
        Assert.Equal(Utc(startUtc), interval.StartUtc);
        Assert.Equal(Utc(endUtc), interval.EndUtc);
        Assert.Equal(DateTimeKind.Utc, interval.EndUtc!.Value.Kind);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2030-01-01T09:00", "2030-01-01T18:00", "2030-01-01T08:00Z", "2030-01-01T17:00Z")] // an end with a time is not in it
    [InlineData("Europe/Berlin", "2030-01-01T09:00:00", "2030-01-02", "2030-01-01T08:00Z", "2030-01-02T23:00Z")] // one without is
    [InlineData("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T03:30", "2026-03-29T01:00Z", "2026-03-29T01:30Z")] // jumped over: when the gap ends
    [InlineData("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T03:00", "2026-10-25T00:30Z", "2026-10-25T02:00Z")] // comes twice: the first
    [InlineData("Asia/Shanghai", "2026-11-11", "2026-11-11T00:00:30", "2026-11-10T16:00Z", "2026-11-10T16:00:30Z")]
    public void ToUtc_LocalMoments_AreThoseOfTheZone(string zone, string start, string end, string startUtc, string endUtc)
    {
        Assert.True(LocalMoment.TryParse(start, out var from) & LocalMoment.TryParse(end, out var until));
        var interval = ScheduleInterval.ToUtc(new Schedule { TimeZone = zone, Start = from, End = until });
        Assert.Equal((Utc(startUtc), Utc(endUtc)), (interval.StartUtc, interval.EndUtc));
        Assert.Equal((start, end), (from.ToString(), until.ToString()));
    }

    [Theory]
    [InlineData("2026-11-11T18:00Z")]
    [InlineData("2026-11-11T18:00+08:00")]
    [InlineData("2026-11-11 18:00")]
    [InlineData("2026-11-11T18")]
    [InlineData("2026-11-11T24:00")]
    [InlineData("2026-02-30")]
    [InlineData("11.11.2026")]
    [InlineData("")]
    [InlineData(null)]
    public void TryParse_AnotherShape_IsRefused(string? text) => Assert.False(LocalMoment.TryParse(text, out _));

    [Theory]
    [InlineData("2026-11-11T18:00", "2026-11-11T18:00", "end-not-after-start")]
    [InlineData("2026-11-11T18:00", "2026-11-11T09:00", "end-not-after-start")]
    [InlineData("2026-11-12T00:00", "2026-11-11", "end-not-after-start")]
    [InlineData("2026-11-11T23:59", "2026-11-11", null)]
    [InlineData("2026-11-12", "2026-11-11", "end-before-start")]
    public void Check_EndBesideTheStart_MustBeAfterIt(string start, string end, string? code)
    {
        Assert.True(LocalMoment.TryParse(start, out var from) & LocalMoment.TryParse(end, out var until));
        Assert.Equal(code, RulesValidation.Check(new CampaignRules { Schedule = new Schedule { Start = from, End = until } }).SingleOrDefault()?.Code);
    }

    [Fact]
    public void ToUtc_NoDays_IsOpen() => Assert.Equal(new ScheduleInterval(null, null), ScheduleInterval.ToUtc(new Schedule()));

    [Fact]
    public void Contains_Edges_AreHalfOpen()
    {
        var interval = new ScheduleInterval(Utc("2026-11-01T00:00Z"), Utc("2026-11-02T00:00Z"));
        Assert.True(interval.Contains(Utc("2026-11-01T00:00Z")));
        Assert.False(interval.Contains(Utc("2026-10-31T23:59Z")));
        Assert.True(interval.Contains(Utc("2026-11-01T23:59Z")));
        Assert.False(interval.Contains(Utc("2026-11-02T00:00Z")));
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
