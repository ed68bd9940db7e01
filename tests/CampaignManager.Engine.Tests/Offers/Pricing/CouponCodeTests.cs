using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

public sealed class CouponCodeTests
{
    [Theory]
    [InlineData(" G25 ", "G25")]
    [InlineData("g25", "G25")]
    [InlineData("ｇ２５", "G25")]
    [InlineData("G\u200B2\uFEFF5\u2060", "G25")] // pasted from a web page
    [InlineData("G\u00AD25", "G25")]
    [InlineData("\u200E G25\u00A0", "G25")]
    [InlineData("SAVE\u201310", "SAVE-10")] // en dash
    [InlineData("SAVE\u201410", "SAVE-10")]
    [InlineData("SAVE\u221210", "SAVE-10")] // minus
    [InlineData("SAVE\uFF0D10", "SAVE-10")]
    [InlineData("SAVE\u201010", "SAVE-10")]
    [InlineData("K\u0131\u015E", "KI\u015E")]
    [InlineData("k\u0130\u015F", "KI\u015E")]
    [InlineData("ki\u0307\u015F", "KI\u015E")]
    [InlineData("stra\u00DFe", "STRA\u00DFE")]
    [InlineData("\uD83C\uDF81\uFE0Fgift", "\uD83C\uDF81GIFT")]
    [InlineData("\uD800x", "\uD800X")]
    [InlineData("\u200B", "")]
    public void Normalise_AsPeopleTypeIt_IsTheSame(string typed, string code)
    {
        Assert.Equal(code, CouponCode.Normalise(typed));
        Assert.Equal(code, CouponCode.Normalise(CouponCode.Normalise(typed)));
    }

    [Theory]
    [InlineData("Autumn-11")]
    [InlineData("A B")]
    [InlineData("")]
    public void Normalise_PlainLetters_IsAsBefore(string code) => Assert.Equal(CouponCode.NormaliseAsBefore(code), CouponCode.Normalise(code));

    [Fact]
    public void NormaliseAsBefore_KeepsDashesApart() => Assert.Equal("SAVE\u201310", CouponCode.NormaliseAsBefore("save\u201310 "));
}
