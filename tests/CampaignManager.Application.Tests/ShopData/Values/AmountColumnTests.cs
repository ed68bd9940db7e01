using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Values;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.Tests.ShopData.Values;

public sealed class AmountColumnTests
{
    [Theory]
    [InlineData("1,234.56", "12.30", "1234.56")]
    [InlineData("1.234,56", "12,30", "1234.56")]
    [InlineData("1'234.56", "12.30", "1234.56")]
    [InlineData("1\u2019234.56", "12.30", "1234.56")]
    [InlineData("1\u202F234,56", "12,30", "1234.56")]
    [InlineData("1 234,56", "12,30", "1234.56")]
    [InlineData("EUR 12,50", "1,30", "12.50")]
    [InlineData("12,50 €", "1,30", "12.50")]
    [InlineData("$1,234.50", "1.30", "1234.50")]
    [InlineData("(12.30)", "1.30", "-12.30")]
    [InlineData("-12.30", "1.30", "-12.30")]
    [InlineData("12%", "0.5", "0.12")]
    [InlineData("1.234", "12,30", "1234")]
    [InlineData("1.234", "12.30", "1.234")]
    [InlineData("1.005", "1.25", "1.005")]
    [InlineData("30.000000000000004", "1.25", "30.000000000000004")]
    public void Read_CellAmongOthers_IsWhatItsColumnMakesOfIt(string text, string other, string amount)
    {
        var column = Seen(text, other);
        Assert.Equal(CellState.Read, column.Read(text, out var read));
        Assert.Equal(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), read);
    }

    [Theory]
    [InlineData("#N/A")]
    [InlineData("#DIV/0!")]
    [InlineData("\\N")]
    [InlineData("null")]
    public void Read_WhatSpreadsheetsShowForNothing_IsMissingAndRepaired(string text)
    {
        var column = Seen(text, "1.25");
        Assert.Equal((CellState.Missing, 1L), (column.Read(text, out _), column.Repaired));
    }

    [Theory]
    [InlineData("0x10")]
    [InlineData("12..5")]
    [InlineData("abc")]
    [InlineData("1,23,4")]
    public void Read_NoNumber_IsFaulty(string text)
    {
        var column = Seen(text, "1.25");
        Assert.Equal((CellState.Faulty, 1L), (column.Read(text, out _), column.Faulty));
    }

    [Fact]
    public void IsOpen_OnlyFiguresOfTwoReadings_UntilDecided()
    {
        var column = Seen("1.234", "5.678", "12");
        Assert.True(column.IsOpen);
        column.Decide(DecimalMark.Comma);
        Assert.False(column.IsOpen);
        column.Read("1.234", out var read);
        Assert.Equal(1234m, read);
    }

    [Theory]
    [InlineData("1,234", "JPY", null, "1234")]
    [InlineData("1.234", "CLP", null, "1234")]
    [InlineData("-1.234", "CLP", null, "-1234")]
    [InlineData("￥1,234", "JPY", null, "1234")]
    [InlineData("1.234", "KWD", "0.500", "1.234")]
    [InlineData("1.234", "KWD", "0,500", "1234")]
    [InlineData("1.234", "KWD", null, null)]
    [InlineData("1.234", "EUR", "0.50", null)]
    [InlineData("1.234", "JPY KWD", "0.50", null)]
    public void DecideBy_ItsCurrency_TellsWhatThreeDigitsAre(string text, string codes, string? elsewhere, string? amount)
    {
        var (column, other) = (Seen(text, "12"), elsewhere is null ? null : Seen(elsewhere));

        column.DecideBy([.. codes.Split(' ').Select(Currency.Get)], other?.Mark);

        Assert.Equal(amount is null, column.IsOpen);
        if (amount is not null && column.Read(text, out var read) == CellState.Read)
            Assert.Equal(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), read);
        else
            Assert.Null(amount);
    }

    [Theory]
    [InlineData("12.345", "EUR", false)]
    [InlineData("12.340", "EUR", true)]
    [InlineData("29.0000", "EUR", true)]
    [InlineData("12.345", "KWD", true)]
    [InlineData("12.5", "JPY", false)]
    [InlineData("30.000000000000004", "EUR", true)]
    public void TryToMinor_DigitsBeyondTheCurrencys_AreRefused(string amount, string currency, bool fits) =>
        Assert.Equal(fits, AmountColumn.TryToMinor(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture),
            Currency.Get(currency), out _));

    private static AmountColumn Seen(params ReadOnlySpan<string> texts)
    {
        var column = new AmountColumn();
        foreach (var text in texts)
            column.See(text);
        return column;
    }
}
