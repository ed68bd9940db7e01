using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Tests.Money;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("CNY", "12.34", true, 1234)]
    [InlineData("CNY", "12.345", false, 0)]
    [InlineData("JPY", "12", true, 12)]
    [InlineData("JPY", "12.5", false, 0)]
    [InlineData("KWD", "1.234", true, 1234)]
    [InlineData("CNY", "79228162514264337593543950335", false, 0)]
    public void TryToMinor_ByCurrency_WholeMinorUnitsOrRefused(string code, string major, bool ok, long minor)
    {
        Assert.Equal(ok, Currency.Get(code).TryToMinor(decimal.Parse(major, System.Globalization.CultureInfo.InvariantCulture), out var actual));
        Assert.Equal(minor, actual);
    }

    [Theory]
    [InlineData("NGN", 2)]
    [InlineData("HUF", 2)]
    [InlineData("XOF", 0)]
    [InlineData("IQD", 3)]
    public void Get_AnyCurrencyInUse_HasItsDigits(string code, int digits) => Assert.Equal(digits, Currency.Get(code).FractionDigits);

    [Fact]
    public void TryGet_Unknown_False() => Assert.False(Currency.TryGet("XXX", out _));
}
