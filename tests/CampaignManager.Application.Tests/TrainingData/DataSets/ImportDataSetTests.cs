using System.IO.Compression;
using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

/// <summary>What an import makes of a file: columns, values, features and the manifest beside them.</summary>
public class ImportDataSetTests
{
    private const string Small = AnImportRoom.Small;

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
    public async Task Import_FeatureTurnsOutAsTextLate_IsCategoricalWithAllItsValues()
    {
        await using var room = new AnImportRoom();
        // The first text stands beyond the first part of 100,000 rows, and there are too many of them for odd cells among numbers.
        var text = new StringBuilder("arm,visit,spend,size\n");
        for (var i = 0; i < 106_000; i++)
            text.Append(i % 2 == 0 ? "no" : "mail").Append(i % 4 == 0 ? ",1,2," : ",0,0,").Append(i >= 100_000 ? "XL" : (i % 7).ToString()).Append('\n');

        var import = await room.ImportAsync(text.ToString(), AnImportRoom.Mapping());

        Assert.Equal(106_000, import.Kept);
        Assert.Equal("texts-among-numbers size 6000 / 106000 (XL, …)", Assert.Single(import.Warnings.Select(w => $"{w.Code} {w.Subject} {w.Detail}")));
        Assert.Equal("c_size", Assert.Single((await room.ManifestAsync(import)).Features).Column);
        Assert.Equal(8, room.Scalar<int>(import, "count(DISTINCT c_size)"));
        Assert.Equal(106_000, room.Scalar<int>(import, "count(c_size)"));
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
}
