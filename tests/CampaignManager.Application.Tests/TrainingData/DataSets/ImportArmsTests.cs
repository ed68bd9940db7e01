using CampaignManager.Application.Imports;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

/// <summary>Who was in which arm, with which chance, and customers who stand in the file more than once.</summary>
public class ImportArmsTests
{
    private const string Small = AnImportRoom.Small;

    [Fact]
    public async Task Import_NotRandomised_SaysSoAndLeavesThePropensityOpen()
    {
        await using var room = new AnImportRoom();
        // Older customers were treated: in an experiment that would be a warning.
        var text = "arm,visit,spend,age\n" + string.Concat(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? $"no,0,0,{20 + i % 7}\n" : $"mail,1,2,{50 + i % 7}\n"));

        var import = await room.ImportAsync(text, AnImportRoom.Mapping() with { Randomised = false });

        Assert.Equal(ImportState.Succeeded, import.State);
        Assert.Empty(import.Warnings);
        Assert.Equal(200, room.Scalar<int>(import, "count(*) FILTER (propensity IS NULL)"));
        var manifest = await room.ManifestAsync(import);
        Assert.Equal((false, "unknown", false), (manifest.Randomised, manifest.Propensity.Source, manifest.Source.Mapping.GetProperty("randomised").GetBoolean()));
        var again = await room.ImportAsync(text, AnImportRoom.Mapping());
        Assert.Equal("unbalanced", Assert.Single(again.Warnings).Code);
        var listed = (await room.Experiments.ListAsync(new PageRequest(), TestContext.Current.CancellationToken)).Items;
        Assert.Equal([true, false], listed.Select(e => e.Randomised));
    }

    [Fact]
    public async Task Import_NotRandomisedWithAPropensity_IsRefusedAndNothingImported()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(Small);
        var refused = await room.Imports.StartAsync(AnImportRoom.Marketer, id, AnImportRoom.Mapping(propensity: new PropensityMapping(0.5, null)) with { Randomised = false }, TestContext.Current.CancellationToken);
        Assert.Equal(["mapping.propensity"], refused.Failure!.Errors!.Keys);
        Assert.Equal(ImportState.Uploaded, (await room.FindAsync(id)).State);
        Assert.Empty(room.LakeFiles());
    }

    [Fact]
    public async Task Import_ThreeArms_OthersSkippedIndexesInTheMappingsOrderOwnArmsShare()
    {
        await using var room = new AnImportRoom();
        var text = "arm,visit,spend\nb,0,0\nno,0,0\na,1,1\nx,0,0\nb,1,2\n";

        var import = await room.ImportAsync(text, AnImportRoom.Mapping(arms: ["b", "a"]));

        Assert.Equal((4L, 1L), (import.Kept, import.Skipped));
        Assert.Equal(["0|1|0.5", "1|0|0.25", "2|2|0.25", "4|1|0.5"], room.Table(import, "row arm propensity"));
    }

    [Fact]
    public async Task Import_NoArmsNamed_TakesEveryOtherValue()
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync("arm,visit,spend\nb,0,0\nno,0,0\na,1,1\n", AnImportRoom.Mapping(arms: []));

        Assert.Equal(["no", "a", "b"], (await room.ManifestAsync(import)).Arms);
        Assert.Equal(["2", "0", "1"], room.Table(import, "arm"));
    }

    [Theory]
    [InlineData(false, "0.2|0.2|0.2")] // One treated arm: P(treated) on every row.
    [InlineData(true, "0.8|0.1|0.1")] // Several: P(own arm), the treated share equally.
    public async Task Import_PropensityGiven_MeansWhatTheManifestSays(bool several, string expected)
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync(
            $"arm,visit,spend\nno,0,0\nmail,1,1\n{(several ? "call" : "mail")},1,1\n",
            AnImportRoom.Mapping(arms: several ? ["mail", "call"] : ["mail"], propensity: new PropensityMapping(0.2, null)));

        Assert.Equal(expected, string.Join('|', room.Table(import, "propensity")));
        Assert.Equal("given", (await room.ManifestAsync(import)).Propensity.Source);
    }

    [Fact]
    public async Task Import_PropensityAndSplitColumns_AreTakenAndJudged()
    {
        await using var room = new AnImportRoom();
        var text = "arm,visit,spend,p,part\nno,0,0,0.3,tr\nmail,0,0,0.4,te\nmail,0,0,1,te\nmail,0,0,,te\nmail,1,0,0.4,\n";
        var mapping = AnImportRoom.Mapping(propensity: new PropensityMapping(null, "p")) with { Split = new SplitMapping("part", "tr", "te") };

        var import = await room.ImportAsync(text, mapping);

        Assert.Equal(["0|0.3|train", "1|0.4|test"], room.Table(import, "row propensity split"));
        Assert.Equal(new Dictionary<string, long> { [RejectReason.BadPropensity] = 2, [RejectReason.BadSplit] = 1 }, import.Reasons);
    }

    [Fact]
    public async Task Import_EqualRowsWithoutIds_AreAllKept()
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync("arm,visit,spend\n" + string.Concat(Enumerable.Repeat("no,0,0\nmail,1,5\n", 500)), AnImportRoom.Mapping());

        Assert.Equal((1000L, 0L), (import.Kept, import.Rejected));
        Assert.Equal(1000, room.Scalar<int>(import, "count(DISTINCT customer_id)"));
    }

    [Fact]
    public async Task Import_CustomerInBothArms_LosesAllItsRowsARepeatOnlyTheLater()
    {
        await using var room = new AnImportRoom();
        var text = "id,arm,visit,spend\nA,no,0,0\nB,no,0,0\nA,mail,1,1\nC,mail,0,\"$2\"\nB,no,1,1\n,mail,0,0\n,mail,0,0\nA,no,0,0\n";

        var import = await room.ImportAsync(text, AnImportRoom.Mapping(customer: "id"));

        Assert.Equal((8L, 4L, 4L, 1L), (import.Read, import.Kept, import.Rejected, import.Repaired));
        Assert.Equal(new Dictionary<string, long> { [RejectReason.CustomerInBothArms] = 3, [RejectReason.RepeatedCustomer] = 1 }, import.Reasons);
        Assert.Equal(["1|B", "3|C", "5|row:5", "6|row:6"], room.Table(import, "row customer_id"));
        var rejects = await File.ReadAllTextAsync(import.RejectsFile!, TestContext.Current.CancellationToken);
        Assert.Equal("row,reason,detail,line\r\n0,customer-in-both-arms,,\"A,no,0,0\"\r\n2,customer-in-both-arms,,\"A,mail,1,1\"\r\n4,repeated-customer,,\"B,no,1,1\"\r\n7,customer-in-both-arms,,\"A,no,0,0\"\r\n", rejects);
    }
}
