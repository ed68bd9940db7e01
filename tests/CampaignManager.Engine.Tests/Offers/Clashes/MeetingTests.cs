using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Clashes;

namespace CampaignManager.Engine.Tests.Offers.Clashes;

public sealed class MeetingTests
{
    private static readonly DateTime Now = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("2026-11-05", "2026-11-09", "2026-11-09", "2026-11-20", true)]
    [InlineData("2026-11-05", "2026-11-08", "2026-11-09", "2026-11-20", false)]
    [InlineData("2026-10-05", "2026-10-20", "2026-10-09", "2026-10-20", false)]
    [InlineData(null, null, null, null, true)]
    public void InTime_LocalDays_MeetWhenADayIsShared(string? aStart, string? aEnd, string? bStart, string? bEnd, bool meet) =>
        Assert.Equal(meet, Meeting.InTime(Span(aStart, aEnd), Span(bStart, bEnd), Now) is not null);

    [Fact]
    public void InTime_TheSharedStretch_BeginsNotBeforeNow()
    {
        var shared = Meeting.InTime(Span("2026-10-01", "2026-11-10"), Span("2026-10-20", null), Now)!;
        Assert.Equal((Now, new DateTime(2026, 11, 10, 16, 0, 0, DateTimeKind.Utc)), (shared.StartUtc!.Value, shared.EndUtc!.Value));
    }

    [Fact]
    public void InTime_HoursOfOtherZones_AreComparedInUtc()
    {
        // 18–22 in Shanghai is 10–14 UTC; 09–11 in Berlin is 08–10 UTC in November.
        var shanghai = Hours("Asia/Shanghai", "18:00", "22:00", "fri");
        Assert.Null(Meeting.InTime(shanghai, Hours("Europe/Berlin", "09:00", "11:00", "fri"), Now));
        Assert.NotNull(Meeting.InTime(shanghai, Hours("Europe/Berlin", "09:00", "11:30", "fri"), Now));
        Assert.Null(Meeting.InTime(shanghai, Hours("Europe/Berlin", "09:00", "11:30", "sat"), Now));
    }

    [Fact]
    public void InTime_HoursOutsideAShortStretch_DoNotMeet() =>
        // 3 November 2026 is a Tuesday.
        Assert.Null(Meeting.InTime(Hours("Asia/Shanghai", "18:00", "22:00", "fri"), Span("2026-11-03", "2026-11-03"), Now));

    public static TheoryData<Audience, Audience, bool> Audiences => new()
    {
        { new Audience(), new Audience { AnyOf = ["new"] }, true },
        { new Audience { AnyOf = ["new"] }, new Audience { NoneOf = ["new", "lapsed"] }, false },
        { new Audience { AnyOf = ["new", "loyal"] }, new Audience { NoneOf = ["new"] }, true },
        { new Audience { CustomerKinds = ["new"] }, new Audience { CustomerKinds = ["returning"] }, false },
        { new Audience { Channels = ["app"] }, new Audience { Channels = ["web", "app"] }, true },
        { new Audience { Regions = ["east"] }, new Audience { Regions = ["west"] }, false },
    };

    [Theory]
    [MemberData(nameof(Audiences))]
    public void InCustomers_AnyTwo_AsTheRulesSay(Audience a, Audience b, bool meet)
    {
        Assert.Equal(meet, Meeting.InCustomers(a, b));
        Assert.Equal(meet, Meeting.InCustomers(b, a));
    }

    private static (ScheduleInterval, Schedule) Span(string? start, string? end) =>
        Of(new Schedule { Start = start is null ? null : DateOnly.Parse(start), End = end is null ? null : DateOnly.Parse(end) });

    private static (ScheduleInterval, Schedule) Hours(string zone, string from, string to, string day) => Of(new Schedule { TimeZone = zone, Weekly = [new WeeklyWindow([day], from, to)] });

    private static (ScheduleInterval, Schedule) Of(Schedule schedule) => (ScheduleInterval.ToUtc(schedule), schedule);
}
