using System.Text.RegularExpressions;

namespace CampaignManager.Application.Tests;

public sealed partial class CsvCellTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("-", "'-")]
    [InlineData("  =HYPERLINK(\"x\")", "\"'  =HYPERLINK(\"\"x\"\")\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("+8613800138000", "+8613800138000")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("满减", "满减")]
    [InlineData("a\0b", "ab")]
    [InlineData("", "")]
    public void Of_WhateverSomebodyNamed_RunsNothing(string text, string cell) => Assert.Equal(cell, CsvCell.Of(text));

    [Theory]
    [InlineData("=1+1")]
    [InlineData("'quoted'")]
    [InlineData("SAVE-10")]
    public void Text_OfACell_IsWhatItWas(string text) => Assert.Equal(text, CsvCell.Text(CsvCell.Of(text)));

    [Fact]
    public void Sources_WhoWritesCsv_WritesCellsHere()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
            folder = folder.Parent!;
        var own = Directory.EnumerateFiles(Path.Combine(folder.FullName, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && Path.GetFileName(f) != "CsvCell.cs" && CellOfItsOwn()
                .IsMatch(File.ReadAllText(f)))
            .Select(Path.GetFileName);
        Assert.Empty(own);
    }

    // A text put between quotes because it holds commas or the like.
    [GeneratedRegex("(ContainsAny|IndexOfAny)\\(\",\\\\\"[^\n]*Replace\\(\"\\\\\"\", \"\\\\\"\\\\\"\"")]
    private static partial Regex CellOfItsOwn();
}
