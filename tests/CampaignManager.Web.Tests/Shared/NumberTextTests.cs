using System.Globalization;
using CampaignManager.Web.Shared;

namespace CampaignManager.Web.Tests.Shared;

/// <summary>Numbers as people paste them.</summary>
public sealed class NumberTextTests
{
    [Theory]
    [InlineData("20000", "20000")]
    [InlineData("¥20,000", "20000")]
    [InlineData("￥２０，０００", "20000")]
    [InlineData("１０００", "1000")]
    [InlineData("1 234,5", "1234.5")]
    [InlineData("1 234,50", "1234.5")]
    [InlineData("1'234.50", "1234.5")]
    [InlineData("1’234’567", "1234567")]
    [InlineData("1.234,50", "1234.5")]
    [InlineData("1,234.50", "1234.5")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("1.234", "1.234")]
    [InlineData("1,234", "1234")]
    [InlineData("0,125", "0.125")]
    [InlineData("12,5", "12.5")]
    [InlineData("$ 99.90", "99.9")]
    [InlineData("99,90 €", "99.9")]
    [InlineData("CNY 12.50", "12.5")]
    [InlineData("12.50EUR", "12.5")]
    [InlineData("100元", "100")]
    [InlineData("20 %", "20")]
    [InlineData("２０％", "20")]
    [InlineData("−5", "-5")]
    [InlineData(".5", "0.5")]
    [InlineData(" 7 ", "7")]
    public void Read_AsPasted_IsUnderstood(string text, string value) =>
        Assert.Equal(decimal.Parse(value, CultureInfo.InvariantCulture), NumberText.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("abc")]
    [InlineData("12abc")]
    [InlineData("1,23,456")]
    [InlineData("1.2.3")]
    [InlineData("1,234,5")]
    [InlineData("1,2.3,4")]
    [InlineData("--5")]
    [InlineData("5-")]
    [InlineData("1e5")]
    [InlineData("99999999999999999999999999999999")]
    public void Read_WhatIsNoNumber_IsRefused(string? text) => Assert.Null(NumberText.Read(text));

    [Theory]
    [InlineData("12", 12)]
    [InlineData("1,000", 1000)]
    [InlineData("12.0", 12)]
    [InlineData("12.5", null)]
    public void Read_Whole_TakesNoFraction(string text, int? value) => Assert.Equal(value, NumberText.Read(text, whole: true));

    [Fact]
    public void Forget_ARowOfAList_MovesThoseBehindIt()
    {
        var unread = new UnreadNumbers { ["offer.tiers[0].spend"] = "a", ["offer.tiers[1].off"] = "b", ["offer.tiers[3].off"] = "c", ["limits.budget"] = "d" };

        unread.ForgetRow("offer.tiers", 1);

        Assert.Equal(
            new Dictionary<string, string> { ["limits.budget"] = "d", ["offer.tiers[0].spend"] = "a", ["offer.tiers[2].off"] = "c" },
            unread.ToDictionary());
    }
}
