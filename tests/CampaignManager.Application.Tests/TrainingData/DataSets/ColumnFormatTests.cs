using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

/// <summary>How numbers are written is judged by the whole column, not cell by cell.</summary>
public class ColumnFormatTests
{
    /// <summary>Amounts of four rows, what else stands beside them, and their sum; null where it has to be asked.</summary>
    public static TheoryData<string, char, string[], string, double?> Amounts => new()
    {
        { "decimal commas beside it make 1.234 a thousand", ';', ["12,50", "1.234", "999,90", "2.500"], "1", 4746.4 },
        { "decimal points beside it leave it one and a bit", ';', ["12.50", "1.234", "999.90", "2.500"], "1", 1016.134 },
        { "grouped thousands say that the point is none", '\t', ["1.234.567", "1.234", "0", "5"], "1", 1235806 },
        { "another column's commas say it", ';', ["1.234", "2.500", "10", "3"], "1,5", 3747 },
        { "another column's points say it", ';', ["1.234", "2.500", "10", "3"], "1.5", 16.734 },
        { "columns parted by commas have points", ',', ["1.234", "2.500", "10", "3"], "1", 16.734 },
        { "nothing says it", ';', ["1.234", "2.500", "10", "3"], "1", null },
        { "the cells contradict each other", ';', ["1.234", "2,5", "2.5", "3"], "1", null },
        { "each cell with one reading needs nobody's word", ';', ["1.5", "2,5", "1.000,5", "3"], "1", 1007.5 },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Amounts))]
    public async Task Import_AmountsOfAColumn_AreReadAsTheColumnIsWritten(string name, char delimiter, string[] amounts, string beside, double? sum)
    {
        Assert.NotEmpty(name);
        await using var room = new AnImportRoom();
        var file = File(delimiter, amounts, beside);

        var import = await room.ImportAsync(file, AnImportRoom.Mapping());

        if (sum is { } expected)
            Assert.Equal(expected, (await room.ManifestAsync(import)).ArmCounts.Sum(a => a.Sums[1]), 1e-9);
        else
            Assert.Equal((ImportState.Failed, "ambiguous-numbers"), (import.State, import.RefusalCode));
    }

    [Theory]
    [InlineData(DecimalMark.Point, 16.734)]
    [InlineData(DecimalMark.Comma, 3747)]
    public async Task Import_AskedAndAnswered_ReadsAsTold(DecimalMark mark, double sum)
    {
        await using var room = new AnImportRoom();
        var mapping = MappingJson.Parse((AnImportRoom.Mapping() with { Decimal = mark }).ToJson()).Value;
        var id = await room.UploadAsync(File(';', ["1.234", "2.500", "10", "3"], "1"));

        Assert.Equal("ambiguous-numbers", (await room.Imports.TryAsync(AnImportRoom.Marketer, id, AnImportRoom.Mapping(), Cancel)).Failure?.Code);
        Assert.True((await room.Imports.TryAsync(AnImportRoom.Marketer, id, mapping, Cancel)).Succeeded);
        await room.StartAsync(id, mapping);
        var import = await room.RunAsync(id);

        Assert.Equal(sum, (await room.ManifestAsync(import)).ArmCounts.Sum(a => a.Sums[1]), 1e-9);
    }

    [Theory]
    [InlineData("#N/A", "")]
    [InlineData("#DIV/0!", "")]
    [InlineData("\\N", "")]
    [InlineData(".", "")]
    [InlineData("unknown", "odd-cells age 1 / 40 (unknown)")]
    [InlineData("12-5", "odd-cells age 1 / 40 (12-5)")]
    public async Task Import_OneOddCell_IsMissingAndTheColumnStaysOneOfNumbers(string cell, string warning)
    {
        await using var room = new AnImportRoom();
        var ages = Enumerable.Range(0, 40).Select(i => i == 7 ? cell : (20 + i).ToString(CultureInfo.InvariantCulture));
        var import = await room.ImportAsync(WithAges(ages), AnImportRoom.Mapping());

        Assert.Equal(1, room.Scalar<long>(import, "count(*) FILTER (x_age IS NULL)"));
        Assert.Equal(warning, string.Join("; ", import.Warnings.Where(w => w.Code is "odd-cells" or "texts-among-numbers").Select(w => $"{w.Code} {w.Subject} {w.Detail}")));
    }

    [Fact]
    public async Task Import_NumbersInManyDresses_AreOneColumnOfNumbers()
    {
        await using var room = new AnImportRoom();
        string[] cells = ["12%", "(12.30)", "\"1 234.5\"", "CHF 1'234.5", "\"USD 1,234.5\"", "7"];

        var import = await room.ImportAsync(WithAges(cells), AnImportRoom.Mapping());

        Assert.Equal(["0.12", "-12.3", "1234.5", "1234.5", "1234.5", "7.0"], room.Table(import, "x_age"));
    }

    [Fact]
    public async Task Import_EveryTenthCellIsAWord_IsNamesAndSaysWhich()
    {
        await using var room = new AnImportRoom();
        var cells = Enumerable.Range(0, 40).Select(i => i % 10 == 3 ? "B" + i : (i % 4).ToString(CultureInfo.InvariantCulture));

        var import = await room.ImportAsync(WithAges(cells), AnImportRoom.Mapping());

        Assert.Equal("c_age", Assert.Single((await room.ManifestAsync(import)).Features).Column);
        Assert.Contains(import.Warnings, w => w is { Code: "texts-among-numbers", Subject: "age", Detail: "4 / 40 (B3, B13, B23, …)" });
    }

    [Theory]
    [InlineData("sep=;\n", ';')]
    [InlineData("\uFEFFSEP=|\r\n", '|')]
    [InlineData("\"sep=^\"\n", '^')]
    public async Task Import_FirstLineNamesTheSeparator_IsObeyedAndNoRow(string first, char delimiter)
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync(first + File(delimiter, ["1,5", "2,5", "0", "3"], "x, y"), AnImportRoom.Mapping());

        Assert.Equal((ImportState.Succeeded, 4L, 4L), (import.State, import.Read, import.Kept));
        Assert.Equal(7, (await room.ManifestAsync(import)).ArmCounts.Sum(a => a.Sums[1]), 1e-9);
    }

    private static string File(char delimiter, string[] amounts, string beside) =>
        string.Join(delimiter, "arm", "visit", "spend", "beside") + "\n" + string.Concat(amounts.Select((amount, i) =>
            string.Join(delimiter, i % 2 == 0 ? "no" : "mail", i / 2 % 2 == 0 ? "1" : "0", amount, beside) + "\n"));

    private static string WithAges(IEnumerable<string> ages) => "arm,visit,spend,age\n" + string.Concat(ages.Select((age, i) =>
        string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "no" : "mail")},{i / 2 % 2},{i % 5},{age}\n")));
}
