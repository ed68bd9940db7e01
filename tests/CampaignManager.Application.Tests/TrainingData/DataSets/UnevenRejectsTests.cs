using System.Globalization;
using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

/// <summary>Rows that are lost unevenly change the answer: that stops an import, and what the counts say is said.</summary>
public class UnevenRejectsTests
{
    [Theory]
    [InlineData(1000, 0, 1000, 60, 3.7e-15)]
    [InlineData(1000, 30, 1000, 60, 0.00121)]
    [InlineData(800, 8, 200, 2, 1)]
    [InlineData(500, 0, 500, 0, 1)]
    [InlineData(500, 500, 500, 500, 1)]
    public void PValue_KeptAndRejectedByArm_IsPearsons(long read, long rejected, long otherRead, long otherRejected, double expected)
    {
        var p = UnevenRejects.PValue([new("a", read, rejected), new("b", otherRead, otherRejected)]);
        Assert.Equal(1, p / expected, 0.05);
    }

    [Theory]
    [InlineData(0, 30, "rejects-differ-by-arm")]
    [InlineData(14, 16, null)]
    [InlineData(0, 4, null)]
    public async Task Import_OutcomeMissing_StopsWhereTheArmsLoseUnevenly(int control, int mail, string? code)
    {
        await using var room = new AnImportRoom();
        var text = new StringBuilder("arm,visit,spend,age\n");
        for (var i = 0; i < 300; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"no,{(i < control ? "" : i % 4 == 0 ? "1" : "0")},{i % 7},30\n");
            text.Append(CultureInfo.InvariantCulture, $"mail,{(i < mail ? "" : i % 4 == 0 ? "1" : "0")},{i % 7},30\n");
        }

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping());

        Assert.Equal(code, import.RefusalCode);
        Assert.Equal(control + mail, import.Rejected);
        if (code is not null)
        {
            Assert.Contains("no: 0 / 300; mail: 30 / 300", import.Error, StringComparison.Ordinal);
            Assert.NotNull(import.RejectsFile);
            Assert.Empty(room.LakeFiles());
        }
    }

    [Fact]
    public async Task Import_BuyersAreLost_StopsAlthoughTheArmsLoseAlike()
    {
        await using var room = new AnImportRoom();
        var text = new StringBuilder("arm,visit,spend,age\n");
        for (var i = 0; i < 600; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "no" : "mail")},{(i % 10 < 2 ? "1" : "0")},{(i % 20 < 2 ? "-5" : "3")},30\n");

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping());

        Assert.Equal("rejects-differ-by-outcome", import.RefusalCode);
        Assert.Contains("visit = 0: 0 / 480; visit > 0: 60 / 120", import.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_BinaryMappedOnCounts_AsksAndTakesTheAnswer()
    {
        await using var room = new AnImportRoom();
        var text = "arm,visit,spend,age\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{(i % 2 == 0 ? "no" : "mail")},{i % 3},1,30\n"));

        var asked = await room.ImportAsync(text, AnImportRoom.Mapping());
        Assert.Equal("not-only-yes-no", asked.RefusalCode);
        Assert.Contains("2 (33)", asked.Error, StringComparison.Ordinal);

        var told = AnImportRoom.Mapping() with { Outcomes = [new OutcomeMapping("visit", "binary", null, ["2"]), new OutcomeMapping("spend", "money", "USD")] };
        var taken = await room.ImportAsync(text, MappingJson.Parse(told.ToJson()).Value);
        Assert.Equal((100L, 66.0), (taken.Kept, (await room.ManifestAsync(taken)).ArmCounts.Sum(a => a.Sums[0])));
    }

    [Theory]
    [InlineData(500, 500, 0, 0, false)]
    [InlineData(500, 380, 0, 0, true)]
    // Kept alone they would look wrong: of the rows read they are as planned.
    [InlineData(500, 500, 60, 0, false)]
    public async Task Import_GivenPropensity_IsHeldAgainstTheRowsRead(int control, int mail, int repeatedControl, int repeatedMail, bool warned)
    {
        await using var room = new AnImportRoom();
        var text = new StringBuilder("id,arm,visit,spend\n");
        for (var i = 0; i < control; i++)
            text.Append(CultureInfo.InvariantCulture, $"c{(i < repeatedControl ? 0 : i)},no,{i % 2},1\n");
        for (var i = 0; i < mail; i++)
            text.Append(CultureInfo.InvariantCulture, $"m{(i < repeatedMail ? 0 : i)},mail,{i % 2},1\n");

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping(customer: "id", propensity: new PropensityMapping(0.5, null)));

        Assert.Equal(ImportState.Succeeded, import.State);
        Assert.Equal(warned, import.Warnings.Any(w => w.Code == "sample-ratio" && w.Subject == $"{control} / {mail}"));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(20, true)]
    public async Task Import_CustomersInBothArms_WarnsAboveOneInAHundred(int both, bool warned)
    {
        await using var room = new AnImportRoom();
        var text = new StringBuilder("id,arm,visit,spend\n");
        for (var i = 0; i < 400; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i < 2 * both ? i / 2 : i)},{(i % 2 == 0 ? "no" : "mail")},{i / 2 % 2},1\n");

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping(customer: "id"));

        Assert.Equal(warned, import.Warnings.Any(w => w.Code == "many-in-both-arms" && w.Subject == (2 * both).ToString(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("0", "1", "0.0", "1.0")]
    [InlineData("0.0", "1.00", "0", "1")]
    [InlineData("-1", "2", "-1.0", "2e0")]
    public async Task Import_ArmsThatAreTheSameNumber_Match(string control, string treated, string controlCell, string treatedCell)
    {
        await using var room = new AnImportRoom();
        var text = "arm,visit,spend\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{(i % 2 == 0 ? controlCell : treatedCell)},{i / 2 % 2},1\n"));

        var named = await room.ImportAsync(text, AnImportRoom.Mapping(control, [treated]));
        var rest = await room.ImportAsync(text, AnImportRoom.Mapping(control, []));

        Assert.All([named, rest], import => Assert.Equal((ImportState.Succeeded, 20L), (import.State, import.Kept)));
        Assert.Equal([10L, 10L], (await room.ManifestAsync(rest)).ArmCounts.Select(a => a.Rows));
    }

    [Fact]
    public async Task Import_NoRowOfAnArm_NamesTheValuesFound()
    {
        await using var room = new AnImportRoom();
        var text = "arm,visit,spend\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{(i % 3 == 0 ? "A" : "B")},0,1\n"));

        var import = await room.ImportAsync(text, AnImportRoom.Mapping());

        Assert.Equal("no-arm-matches", import.RefusalCode);
        Assert.Contains("column 'arm' holds B (20), A (10)", import.Error, StringComparison.Ordinal);
    }
}
