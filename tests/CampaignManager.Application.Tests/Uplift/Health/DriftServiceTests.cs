using System.Text.Json;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Health;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Tests.Uplift.Health;

public sealed class DriftServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<Guid> TrainAsync(TrainingRoom room, Guid experiment) =>
        JsonSerializer.Deserialize<TrainModelResult>((await room.TrainAsync(new TrainingRequest(ExperimentId: experiment, Outcome: "converted", Learner: "t"))).Result!, JsonSerializerOptions.Web)!.ModelId;

    private static UpliftTable Shifted(UpliftTable table, Func<FeatureColumn, FeatureColumn> shift) =>
        table with { Manifest = table.Manifest with { Name = "later" }, Features = [.. table.Features.Select(shift)] };

    [Fact]
    public async Task Check_AnotherDrawOfTheSamePopulation_IsSteady()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var model = await TrainAsync(room, await room.ExperimentAsync(ATable.Experiment(rows: 3000)));
        var later = await room.ExperimentAsync(ATable.Experiment(rows: 3000, seed: 2));
        var report = (await room.Get<DriftService>().CheckAsync(model, later, Cancel)).Value;
        Assert.Equal((null, 0, 3000), (report.Why, report.Alarms, (int)report.Rows));
        Assert.Equal(["c_channel", "x_new", "x_recency"], report.Features.Select(f => f.Name).Order());
        Assert.All(report.Features.Concat(report.Scores), f => Assert.InRange(f.Psi!.Value, 0, 0.05));
        Assert.Equal(0.1, report.Features.Single(f => f.Name == "x_recency").MissingThen, 0.02);
    }

    [Fact]
    public async Task Check_MovedFeatures_AlarmAndTheScoresWithThem()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 3000, effectNew: 0.3);
        var model = await TrainAsync(room, await room.ExperimentAsync(table));
        // Everyone is new now, and half the recencies are missing.
        var later = await room.ExperimentAsync(Shifted(table, f => f.Name switch
        {
            "x_new" => f with { Values = [.. f.Values.Select(_ => 1f)] },
            "x_recency" => f with { Values = [.. f.Values.Select((v, i) => i % 2 == 0 ? float.NaN : v)] },
            _ => f,
        }));
        var report = (await room.Get<DriftService>().CheckAsync(model, later, Cancel)).Value;
        Assert.Equal([("x_new", true), ("x_recency", true), ("c_channel", false)], report.Features.Select(f => (f.Name, f.Alarm)));
        Assert.True(Assert.Single(report.Scores).Alarm);
        Assert.Equal(0, report.Features[2].Psi!.Value, 1e-12);
        // Shares .6 / .4 then, 0 / 1 now, smoothed by half a count.
        var isNew = table.Features[0].Values.Count(v => v == 1);
        Assert.Equal(PopulationStability.Index([3000 - isNew, isNew], [0, 3000]), report.Features[0].Psi!.Value, 1e-12);
    }

    [Fact]
    public async Task Comparable_ExperimentsWithTheFeatures_AreOffered()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 600);
        var model = await TrainAsync(room, await room.ExperimentAsync(table));
        var alike = await room.ExperimentAsync(Shifted(table, f => f));
        var other = await room.ExperimentAsync(Shifted(table, f => f.Name == "x_new" ? f with { Name = "x_old" } : f));
        var service = room.Get<DriftService>();
        var manifest = await room.Get<ModelStore>().ManifestAsync(model, Cancel);
        Assert.Equal(alike, Assert.Single(await service.ComparableAsync(manifest, Cancel)).ExperimentId);
        Assert.Equal(NoDrift.NothingToCompare, (await service.CheckAsync(model, other, Cancel)).Value.Why);
        Assert.Equal(NoDrift.NothingToCompare, (await service.CheckAsync(model, null, Cancel)).Value.Why);
        await File.AppendAllTextAsync(room.ModelFile(model, ReferenceProfile.FileName), " ", Cancel);
        Assert.Equal(NoDrift.Damaged, (await service.CheckAsync(model, alike, Cancel)).Value.Why);
        Assert.Equal(FailureKind.NotFound, (await service.CheckAsync(Guid.NewGuid(), alike, Cancel)).Failure!.Kind);
    }

    // Four in ten of the training rows lay too early for a count over a year; of the customers of now everybody has one.
    [Theory]
    [InlineData("x_orders_365", new long[] { 300, 200, 100, 400 }, new long[] { 500, 330, 170, 0 }, false)]
    [InlineData("x_orders_365", new long[] { 300, 200, 100, 400 }, new long[] { 100, 300, 600, 0 }, true)]
    [InlineData("x_orders_365", new long[] { 500, 330, 170, 0 }, new long[] { 300, 200, 100, 400 }, true)]
    [InlineData("x_recency_days", new long[] { 300, 200, 100, 400 }, new long[] { 500, 330, 170, 0 }, true)]
    public void OfNumber_MoreIsKnownOfACount_ComparesWhatIsKnown(string feature, long[] then, long[] now, bool alarm) =>
        Assert.Equal(alarm, DriftService.OfNumber(new Spread(feature, feature, true, [1, 2], [], then), now).Alarm);
}
