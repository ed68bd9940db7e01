using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

/// <summary>The public e-mail experiment as it is published.</summary>
public class HillstromTests
{
    [Fact]
    public async Task Import_WithTheGuessedMapping_KeepsEveryRowOfThreeArms()
    {
        var file = await File.ReadAllBytesAsync(Find(), TestContext.Current.CancellationToken);
        // Counted from the end of the line: the seventh history segment has a comma in it.
        var counted = (await File.ReadAllLinesAsync(Find(), TestContext.Current.CancellationToken)).Skip(1).Select(l => l.Split(',')).ToList();
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(file, "hillstrom.csv");
        var look = (await room.Imports.InspectAsync(AnImportRoom.Marketer, id, TestContext.Current.CancellationToken)).Value;

        // Nothing had to be chosen by hand.
        Assert.Equal(("segment", "No E-Mail"), (look.Mapping.Treatment.Column, look.Mapping.Treatment.Control));
        Assert.Equal(["visit binary", "conversion binary", "spend money"], look.Mapping.Outcomes.Select(o => $"{o.Column} {o.Kind}"));
        await room.StartAsync(id, look.Mapping);
        var import = await room.RunAsync(id);

        Assert.Equal((64_000L, 64_000L, 0L, 0L), (import.Read, import.Kept, import.Skipped, import.Rejected));
        var manifest = await room.ManifestAsync(import);
        Assert.Equal(counted.GroupBy(f => f[^4]).ToDictionary(g => g.Key, g => g.LongCount()), manifest.ArmCounts.ToDictionary(a => a.Label, a => a.Rows));
        Assert.Equal((21_306L, 21_307L, 21_387L), (manifest.ArmCounts[0].Rows, manifest.ArmCounts[1].Rows, manifest.ArmCounts[2].Rows));
        Assert.Equal(["x_recency", "c_history_segment", "x_history", "x_mens", "x_womens", "c_zip_code", "x_newbie", "c_channel"], manifest.Features.Select(f => f.Column));
        Assert.Equal(counted.Sum(f => double.Parse(f[^1])), room.Scalar<double>(import, "sum(y_spend)"), 6);
        Assert.Equal(64_000, room.Scalar<int>(import, "count(DISTINCT customer_id)"));
        Assert.Empty(import.Warnings);
        // Row by row: the first and the last as they stand in the file.
        Assert.Equal($"{counted[^1][0]}|{counted[^1][1]}", string.Join('|', room.Table(import, "x_recency::INT c_history_segment")[^1].Split('|')));
    }

    [Fact]
    public async Task Import_OneArmOfTwo_SkipsTheOther()
    {
        var file = await File.ReadAllBytesAsync(Find(), TestContext.Current.CancellationToken);
        await using var room = new AnImportRoom();
        var mapping = MappingJson.Parse("""
            {"name": "women", "treatment": {"column": "segment", "control": "No E-Mail", "arms": ["Womens E-Mail"]},
             "outcomes": [{"column": "visit", "kind": "binary"}], "features": "rest", "categorical": ["zip_code"]}
            """).Value;

        var import = await room.ImportAsync(file, mapping);

        Assert.Equal((64_000L, 42_693L, 21_307L), (import.Read, import.Kept, import.Skipped));
        Assert.Equal(21_387.0 / 42_693, room.Scalar<double>(import, "max(propensity)"), 12);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "hillstrom.csv");
            if (File.Exists(file))
                return file;
        }

        Assert.Skip("../shared/data/hillstrom.csv is not there; this test needs the public data set.");
        return "";
    }
}
