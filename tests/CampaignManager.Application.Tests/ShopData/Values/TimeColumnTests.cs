using CampaignManager.Application.ShopData.Values;

namespace CampaignManager.Application.Tests.ShopData.Values;

public sealed class TimeColumnTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2025-03-30 03:12:00 +0200", "2025-03-30T01:12:00Z")]
    [InlineData("2025-11-30T10:00:00Z", "2025-11-30T10:00:00Z")]
    [InlineData("2025-11-30T10:00:00.123+08:00", "2025-11-30T02:00:00.123Z")]
    [InlineData("2025-11-30 10:00:00 UTC", "2025-11-30T10:00:00Z")]
    [InlineData("2025-11-30 10:00:00", "2025-11-30T09:00:00Z")]
    [InlineData("2025/11/3 9:05", "2025-11-03T08:05:00Z")]
    [InlineData("2025年11月3日 09:05:01", "2025-11-03T08:05:01Z")]
    [InlineData("30.11.2025 10:00", "2025-11-30T09:00:00Z")]
    [InlineData("30/11/2025 10:00:00", "2025-11-30T09:00:00Z")]
    [InlineData("11/30/2025 1:02:03 PM", "2025-11-30T12:02:03Z")]
    [InlineData("Nov 30, 2025 1:02:03 AM", "2025-11-30T00:02:03Z")]
    [InlineData("Nov 30, 2025, 1:02:03\u202FAM", "2025-11-30T00:02:03Z")]
    [InlineData("Sun, 30 Nov 2025 10:00:00 GMT", "2025-11-30T10:00:00Z")]
    [InlineData("30-Nov-25", "2025-11-29T23:00:00Z")]
    [InlineData("20251130", "2025-11-29T23:00:00Z")]
    [InlineData("1433225374486", "2015-06-02T06:09:34.486Z")]
    [InlineData("1433225374", "2015-06-02T06:09:34Z")]
    [InlineData("1762155067953497", "2025-11-03T07:31:07.953497Z")]
    [InlineData("45991.5", "2025-11-30T11:00:00Z")]
    [InlineData("'2025-11-30 10:00:00", "2025-11-30T09:00:00Z")]
    public void Read_TimeAsShopsWriteIt_IsThisInstant(string text, string utc)
    {
        var column = Seen(text);
        Assert.False(column.IsOpen);
        var time = column.Read(text, out var faulty);
        Assert.False(faulty);
        var expected = DateTime.Parse(utc, System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.RoundtripKind);
        Assert.Equal(expected, ZoneClock.ToUtc(time!.Value, Berlin, out _));
    }

    [Theory]
    [InlineData("2025-02-30")]
    [InlineData("yesterday")]
    [InlineData("32/13/2025")]
    [InlineData("2025-11-30 25:00:00")]
    [InlineData("3")]
    public void Read_NoTime_IsFaulty(string text)
    {
        var column = Seen(text);
        Assert.Null(column.Read(text, out var faulty));
        Assert.True(faulty);
        Assert.Equal(1, column.Faulty);
    }

    [Fact]
    public void DayFirst_OneCellTells_HoldsForTheWholeColumn()
    {
        var column = Seen("03/04/2025", "13/04/2025");
        Assert.False(column.IsOpen);
        Assert.Equal(new DateTime(2025, 4, 3), column.Read("03/04/2025", out _)!.Value.At);
        column = Seen("03/04/2025", "04/13/2025");
        Assert.Equal(new DateTime(2025, 3, 4), column.Read("03/04/2025", out _)!.Value.At);
    }

    [Theory]
    [InlineData("03/04/2025", "05/06/2025")]
    [InlineData("13/04/2025", "04/13/2025")]
    public void IsOpen_NothingTellsTheDayFromTheMonth_OrCellsContradict(string first, string second)
    {
        var column = Seen(first, second, "01/02/2025");
        Assert.True(column.IsOpen);
        column.Answer(dayFirst: true);
        Assert.False(column.IsOpen);
        Assert.Equal(new DateTime(2025, 2, 1), column.Read("01/02/2025", out _)!.Value.At);
    }

    [Theory]
    [InlineData("2025-10-26T02:30:00", "2025-10-26T00:30:00Z", "Twice")]
    [InlineData("2025-03-30T02:30:00", "2025-03-30T01:30:00Z", "Gap")]
    [InlineData("2025-03-30T03:00:00", "2025-03-30T01:00:00Z", "None")]
    public void ToUtc_HourThatComesTwiceOrNot_IsTheFirstOrAfterTheGap(string local, string utc, string turn)
    {
        var at = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture);
        var expected = DateTime.Parse(utc, System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.RoundtripKind);
        Assert.Equal(expected, ZoneClock.ToUtc(new LocalTime(at, null), Berlin, out var found));
        Assert.Equal(turn, found.ToString());
    }

    [Fact]
    public void ToUtc_GapThatIsHalfAnHour_IsReadAfterIt()
    {
        var howe = TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe");
        Assert.Equal(
            new DateTime(2025, 10, 4, 15, 45, 0, DateTimeKind.Utc),
                ZoneClock.ToUtc(new LocalTime(new DateTime(2025, 10, 5, 2, 15, 0), null), howe, out _));
    }

    private static TimeColumn Seen(params ReadOnlySpan<string> texts)
    {
        var column = new TimeColumn([]);
        foreach (var text in texts)
            column.See(text);
        return column;
    }
}
