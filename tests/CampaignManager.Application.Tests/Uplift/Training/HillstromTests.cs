using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>64,000 real customers, three arms.</summary>
public sealed class HillstromTests
{
    [Fact]
    public async Task Train_Hillstrom_FindsTheWomensEffectInWellUnderAMinute()
    {
        var csv = Shared("hillstrom.csv");
        Assert.SkipUnless(csv is not null, "The Hillstrom data (../shared/data beside the repository) are not on this machine.");
        await using var room = await TrainingRoom.OpenAsync();
        var id = Guid.NewGuid();
        var lake = room.Get<DataLake>();
        using (var connection = lake.Open())
        {
            lake.WriteFile(connection, $"""
                SELECT row_number() OVER () - 1 AS "row", CAST(row_number() OVER () - 1 AS VARCHAR) AS customer_id, 'h' AS campaign_id,
                  CASE segment WHEN 'No E-Mail' THEN 0 WHEN 'Womens E-Mail' THEN 1 ELSE 2 END AS arm, 1/3.0::DOUBLE AS propensity, NULL::VARCHAR AS split,
                  visit::DOUBLE AS y_visit, recency::DOUBLE AS x_recency, history::DOUBLE AS x_history, mens::DOUBLE AS x_mens, womens::DOUBLE AS x_womens,
                  newbie::DOUBLE AS x_newbie, zip_code AS c_zip_code, channel AS c_channel, history_segment AS c_history_segment
                FROM read_csv('{csv}', header = true)
                """, Path.Combine(UpliftTableManifest.ExperimentFolder(id), UpliftTableManifest.TableFile));
        }

        var manifest = new UpliftTableManifest("Hillstrom", ["No E-Mail", "Womens E-Mail", "Mens E-Mail"], [new UpliftOutcome("visit", UpliftOutcome.Binary)]);
        await lake.WriteTextAsync(manifest.ToJson(), Path.Combine(UpliftTableManifest.ExperimentFolder(id), UpliftTableManifest.ManifestFile), CancellationToken.None);
        var run = await room.TrainAsync(new TrainingRequest(ExperimentId: id, Outcome: "visit", Learner: "s"));

        Assert.Null(run.Error);
        var womens = (await room.Get<ModelService>().FindAsync(run.Id, CancellationToken.None)).Value.Row.Metrics;
        Assert.Equal("Womens E-Mail", womens.Arm);
        // Peers reach 0.053..0.064 over splits; one split's standard deviation is about 0.01.
        Assert.InRange(womens.Qini.Value!.Value, 0.03, 0.10);
        Assert.True(womens.Qini.Low > 0);
        Assert.Equal(ModelMetrics.Detected, womens.Verdict);
        TestContext.Current.SendDiagnosticMessage($"Hillstrom: Qini {womens.Qini}");
    }

    private static string? Shared(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
                continue;
            var path = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data", file));
            return File.Exists(path) ? path : null;
        }

        return null;
    }
}
