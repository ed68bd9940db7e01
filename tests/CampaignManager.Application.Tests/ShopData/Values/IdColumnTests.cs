using CampaignManager.Application.ShopData.Values;

namespace CampaignManager.Application.Tests.ShopData.Values;

public sealed class IdColumnTests
{
    [Theory]
    [InlineData("=\"2938000000000000000\"", "2938000000000000000")]
    [InlineData("'01000", "01000")]
    [InlineData(" C-17 ", "C-17")]
    [InlineData("\uFEFF42", "42")]
    [InlineData("#N/A", null)]
    [InlineData("\\N", null)]
    public void Bare_WhatSpreadsheetsDidToIt_IsOff(string text, string? id) => Assert.Equal(id, IdColumn.Bare(text));

    [Fact]
    public void Read_WholeColumnOfFloats_LosesThePoint()
    {
        var column = new IdColumn();
        column.See("17850.0");
        column.See("12345.0");
        Assert.Equal("17850", column.Read("17850.0"));
        column.See("AB-1");
        Assert.Equal("17850.0", column.Read("17850.0"));
    }

    [Theory]
    [InlineData("2.938E+18", true)]
    [InlineData("2E+10", true)]
    [InlineData("E+2", false)]
    [InlineData("A2E+10", false)]
    public void IsMangled_ScientificNumber_IsNoId(string id, bool mangled) => Assert.Equal(mangled, IdColumn.IsMangled(id));
}
