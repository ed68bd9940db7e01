using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Tests.Shared;

public sealed class DayTextTests
{
    [Theory]
    [InlineData("2026-11-01")]
    [InlineData(" 2026/11/1 ")]
    [InlineData("2026.11.1")]
    [InlineData("２０２６－１１－０１")]
    [InlineData("2026年11月1日")]
    [InlineData("20261101")]
    public void Read_AsPeopleWriteIt_IsTheDay(string text) => Assert.Equal(new DateTime(2026, 11, 1), DayText.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-13-45")]
    [InlineData("2026-02-30")]
    [InlineData("01/11/2026")]
    [InlineData("tomorrow")]
    public void Read_NoDayOrOneOfTwo_IsNull(string? text) => Assert.Null(DayText.Read(text));
}
