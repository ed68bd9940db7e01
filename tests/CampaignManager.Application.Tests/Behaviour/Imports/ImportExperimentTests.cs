using System.IO.Compression;
using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Behaviour.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift;

namespace CampaignManager.Application.Tests.Behaviour.Imports;

public class ImportExperimentTests
{
    private const string Small = "arm,visit,spend,age,city\nno,0,0,30,Paris\nmail,1,12.5,41,Rome\nno,1,3,,Paris\nmail,0,0,25,\n";

    [Fact]
    public async Task Import_SmallFile_WritesTheContractsColumnsAndValues()
    {
        await using var room = new AnImportRoom();

        var import = await room.ImportAsync(Small, AnImportRoom.Mapping());

        Assert.Equal((ImportState.Succeeded, 4L, 4L, 0L, 0L), (import.State, import.Read, import.Kept, import.Skipped, import.Rejected));
        Assert.Equal(
            ["0|0|0|0.5|null|0.0|0.0|30.0|Paris", "1|1|1|0.5|null|1.0|12.5|41.0|Rome", "2|2|0|0.5|null|1.0|3.0|null|Paris", "3|3|1|0.5|null|0.0|0.0|25.0|null"],
            room.Table(import, "row customer_id arm propensity split y_visit y_spend x_age c_city"));
        using var connection = room.Lake.Open(1);
        var types = connection.Query($"DESCRIBE SELECT * FROM {room.TableOf(import)}", r => r.GetString(0) + " " + r.GetString(1));
        Assert.Equal(
            ["row BIGINT", "customer_id VARCHAR", "campaign_id VARCHAR", "arm INTEGER", "propensity DOUBLE", "split VARCHAR", "y_visit DOUBLE", "y_spend DOUBLE", "x_age DOUBLE", "c_city VARCHAR"],
            types);
        Assert.Equal(import.ExperimentId!.Value.ToString("D"), room.Scalar<string>(import, "min(campaign_id)"));
    }

    [Fact]
    public async Task Import_Done_ManifestReadsAsATrainingTables()
    {
        await using var room = new AnImportRoom();
        var import = await room.ImportAsync(Small, AnImportRoom.Mapping());

        var path = room.Lake.PathTo($"{UpliftTableManifest.ExperimentFolder(import.ExperimentId!.Value)}/{UpliftTableManifest.ManifestFile}");
        var table = UpliftTableManifest.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        Assert.Equal(("test", true), (table.Name, table.Randomised));
        Assert.Equal(["no", "mail"], table.Arms);
        Assert.Equal([new UpliftOutcome("visit", "binary", null, "visit"), new UpliftOutcome("spend", "money", "USD", "spend")], table.Outcomes);
        Assert.Equal("city", table.Labels!["c_city"]);
        var manifest = await room.ManifestAsync(import);
        Assert.Equal(("observed", 4L), (manifest.Propensity.Source, manifest.Counts.Kept));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Small))), manifest.Source.Sha256);
        Assert.Equal((2L, 1.0, 12.5), (manifest.ArmCounts[1].Rows, manifest.ArmCounts[1].Sums[0], manifest.ArmCounts[1].Sums[1]));
    }

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

    [Fact]
    public async Task Import_FeatureTurnsOutAsTextLate_IsCategoricalWithAllItsValues()
    {
        await using var room = new AnImportRoom();
        // The first text stands beyond the first part of 100,000 rows.
        var text = new StringBuilder("arm,visit,spend,size\n");
        for (var i = 0; i < 100_010; i++)
            text.Append(i % 2 == 0 ? "no" : "mail").Append(i % 4 == 0 ? ",1,2," : ",0,0,").Append(i == 100_005 ? "XL" : (i % 7).ToString()).Append('\n');

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping());

        Assert.Equal(100_010, import.Kept);
        Assert.Equal("c_size", Assert.Single((await room.ManifestAsync(import)).Features).Column);
        Assert.Equal(8, room.Scalar<int>(import, "count(DISTINCT c_size)"));
        Assert.Equal(100_010, room.Scalar<int>(import, "count(c_size)"));
    }

    [Fact]
    public async Task Import_RunTwice_GivesTheSameTableAndOneExperiment()
    {
        await using var room = new AnImportRoom();
        var first = await room.ImportAsync(Small + "mail,9,9,9,x\n", AnImportRoom.Mapping());
        var columns = "row customer_id arm propensity y_visit y_spend x_age c_city";
        var (table, files, manifest) = (room.Table(first, columns), room.LakeFiles(), (await room.ManifestAsync(first)).ToJson());

        var second = await room.RunAgainAsync(first.Id);

        Assert.Equal((first.ExperimentId, first.Kept, first.Rejected), (second.ExperimentId, second.Kept, second.Rejected));
        Assert.Equal(table, room.Table(second, columns));
        Assert.Equal(files, room.LakeFiles());
        Assert.Equal(manifest, (await room.ManifestAsync(second)).ToJson());
        Assert.Equal(1, (await room.Experiments.ListAsync(new PageRequest(), TestContext.Current.CancellationToken)).Total);
    }

    [Fact]
    public async Task Import_CancelledHalfWay_LeavesNothing()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync("arm,visit,spend\n" + string.Concat(Enumerable.Repeat("no,0,0\nmail,1,5\nmail,x,5\n", 150_000)));
        await room.StartAsync(id, AnImportRoom.Mapping());
        var run = (await room.FindAsync(id)).JobRunId!.Value;
        var reading = 0;
        using var watch = room.Get<JobNotifier>().Subscribe(changed =>
        {
            // The second report comes from the middle of the rows.
            if (changed == run && Interlocked.Increment(ref reading) == 3)
                room.Get<JobCancellations>().Cancel(run);
        });

        var import = await room.RunAsync(id);

        Assert.Equal(ImportState.Cancelled, import.State);
        Assert.InRange(import.Read, 0, 449_999);
        Assert.Empty(room.LakeFiles());
        Assert.Null(import.RejectsFile);
        Assert.Equal(0, (await room.Experiments.ListAsync(new PageRequest(), TestContext.Current.CancellationToken)).Total);
        Assert.True(import.CanRetry);
    }

    [Fact]
    public async Task Import_RefusedThenMappedAnew_Succeeds()
    {
        await using var room = new AnImportRoom();
        var refused = await room.ImportAsync(Small, AnImportRoom.Mapping(arms: ["call"]));
        Assert.Equal((ImportState.Failed, "arm-without-rows", "call"), (refused.State, refused.RefusalCode, refused.RefusalDetail));

        await room.StartAsync(refused.Id, AnImportRoom.Mapping());
        var import = await room.RunAsync(refused.Id);

        Assert.Equal((ImportState.Succeeded, null, 4L), (import.State, import.RefusalCode, import.Kept));
    }

    [Fact]
    public async Task Import_OddFeatures_AreNamedInWarnings()
    {
        await using var room = new AnImportRoom();
        var text = new StringBuilder("arm,visit,spend,mail address,empty,tier\n");
        for (var i = 0; i < 3000; i++)
            text.Append(i % 2 == 0 ? "no,0,0," : "mail,0,1,").Append('c').Append(i).Append("@x.org,,").Append(i % 2 == 0 ? i % 5 : i % 5 + 3).Append('\n');

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping());

        Assert.Equal(["constant-outcome visit", "many-values mail address", "empty-feature empty", "unbalanced tier"], import.Warnings.Select(w => $"{w.Code} {w.Subject}"));
        Assert.Equal(["x_tier"], (await room.ManifestAsync(import)).Features.Select(f => f.Column));
    }

    [Fact]
    public async Task Import_GzipAndCategoricalAndNames_AreUnderstood()
    {
        await using var room = new AnImportRoom();
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("arm,visit,spend,zip code,Zip_code,城市\nno,0,0,75001,1,上海\nmail,1,2,10115,2,北京\n"), TestContext.Current.CancellationToken);

        var import = await room.ImportAsync(packed.ToArray(), AnImportRoom.Mapping() with { Categorical = ["zip code"] }, "file.csv.gz");

        Assert.Equal(["75001|1.0|上海", "10115|2.0|北京"], room.Table(import, "c_zip_code x_Zip_code_2 c_城市"));
        Assert.Equal("zip code", (await room.ManifestAsync(import)).Labels["c_zip_code"]);
    }

    [Fact]
    public async Task Service_Manager_MayLookButNotImport()
    {
        await using var room = new AnImportRoom();
        var cancel = TestContext.Current.CancellationToken;
        var manager = Actor.Of("x", "Max", Roles.Manager);
        var id = await room.UploadAsync(Small);

        Assert.Equal(FailureKind.Forbidden, (await room.Imports.UploadAsync(manager, "a.csv", Stream.Null, cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Imports.StartAsync(manager, id, AnImportRoom.Mapping(), cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Imports.CancelAsync(manager, id, cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Forbidden, (await room.Imports.DiscardAsync(manager, id, cancel)).Failure!.Kind);
        Assert.Equal(1, (await room.Imports.ListAsync(new PageRequest(), cancel)).Total);
    }

    [Fact]
    public async Task Upload_OverTheLimit_IsRefusedAndLeavesNoFile()
    {
        await using var room = new AnImportRoom(("Imports:MaxUploadBytes", "1000"));

        var upload = await room.Imports.UploadAsync(AnImportRoom.Marketer, "big.csv", new MemoryStream(new byte[1001]), TestContext.Current.CancellationToken);

        Assert.Equal("file-too-large", upload.Failure!.Code);
        Assert.Empty(Directory.GetFiles(room.Lake.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Start_Twice_IsAConflict()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(Small);
        await room.StartAsync(id, AnImportRoom.Mapping());

        var again = await room.Imports.StartAsync(AnImportRoom.Marketer, id, AnImportRoom.Mapping(), TestContext.Current.CancellationToken);

        Assert.Equal(FailureKind.Conflict, again.Failure!.Kind);
    }

    [Fact]
    public async Task Discard_Uploaded_RemovesFileAndRow()
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(Small);

        Assert.True((await room.Imports.DiscardAsync(AnImportRoom.Marketer, id, TestContext.Current.CancellationToken)).Succeeded);

        Assert.Null(await room.Imports.FindAsync(id, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(room.Lake.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Import_300ThousandRows_StreamsThroughBoundedParts()
    {
        await using var room = new AnImportRoom(("Lake:MemoryLimit", "200MB"));
        const int rows = 300_000;
        var text = new StringBuilder("arm,visit,spend,a,b,note\n");
        for (var i = 0; i < rows; i++)
            text.Append(i % 3 == 0 ? "no" : "mail").Append(i % 10 == 0 ? ",1,12.75," : ",0,0,").Append(i).Append(',').Append(i % 13).Append(",note number ").Append(i % 50).Append('\n');

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping());

        Assert.Equal((ImportState.Succeeded, (long)rows), (import.State, import.Kept));
        Assert.Equal(rows, room.Scalar<int>(import, "count(*)"));
        Assert.Equal((long)rows * (rows - 1) / 2, room.Scalar<long>(import, "sum(x_a)::BIGINT"));
        Assert.Equal(200_000.0 / rows, room.Scalar<double>(import, "max(propensity)"), 12);
    }
}
