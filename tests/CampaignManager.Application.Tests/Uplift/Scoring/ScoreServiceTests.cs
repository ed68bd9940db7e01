using System.Text.Json;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Scoring;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Scoring;

public sealed class ScoreServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<Guid> TrainAsync(TrainingRoom room, UpliftTable table) =>
        JsonSerializer.Deserialize<TrainModelResult>((await room.TrainAsync(new TrainingRequest(ExperimentId: await room.ExperimentAsync(table), Outcome: "converted", Learner: "t"))).Result!, JsonSerializerOptions.Web)!.ModelId;

    private static ScoreRequest Request(Guid? model, string customers) =>
        JsonSerializer.Deserialize<ScoreRequest>($$"""{ "modelId": {{JsonSerializer.Serialize(model)}}, "customers": {{customers}} }""", JsonSerializerOptions.Web)!;

    [Fact]
    public async Task Score_HeldOutRows_AreScoredAsInTraining()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 900, split: true);
        var id = await TrainAsync(room, table);
        using var csv = new MemoryStream();
        await room.Get<TrainingRowScores>().WriteCsvAsync(id, csv, Cancel);
        var held = System.Text.Encoding.UTF8.GetString(csv.ToArray()).Split('\n').Skip(1).Select(l => l.Split(',')).Where(c => c.Length > 2 && c[2] == "test").Take(40).ToList();
        Assert.Equal(40, held.Count);
        object? Value(FeatureColumn feature, int row) => float.IsNaN(feature.Values[row]) ? null : feature.Levels.Count > 0 ? feature.Levels[(int)feature.Values[row]] : feature.Values[row];
        var customers = JsonSerializer.Serialize(held.Select(c => new
        {
            id = c[1],
            // Half by column name, half by label.
            features = table.Features.ToDictionary(f => int.Parse(c[0]) % 2 == 0 ? f.Name : f.Label, f => Value(f, int.Parse(c[0]))),
        }));

        var scored = (await room.Get<ScoreService>().ScoreAsync(Request(id, customers), Cancel)).Value;

        Assert.Equal(held.Select(c => c[1]), scored.Select(s => s.Id));
        Assert.Equal(held.Select(c => c[5]), scored.Select(s => s.Uplift!.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(scored, s => Assert.Equal(s.Treated!.Value - s.Control, s.Uplift!.Value, 1e-12));
    }

    [Fact]
    public async Task Score_SeveralArms_NamesTheBest()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var id = await TrainAsync(room, ATable.Experiment(rows: 3000, arms: 3, treatedShare: 0.6, effectNew: 0.4));
        var scored = (await room.Get<ScoreService>().ScoreAsync(Request(id, """[{ "id": "1", "features": { "x_new": 1, "x_recency": 5, "c_channel": "app" } }, { "id": "2" }]"""), Cancel)).Value;
        var shown = JsonSerializer.SerializeToElement(scored[0], JsonSerializerOptions.Web);
        Assert.Equal(["arm 1", "arm 1"], new[] { scored[0].Best!, shown.GetProperty("best").GetString()! });
        Assert.True(shown.GetProperty("uplift_arm 1").GetDouble() > shown.GetProperty("uplift_arm 2").GetDouble());
        Assert.Equal(shown.GetProperty("treated_arm 2").GetDouble(), shown.GetProperty("control").GetDouble() + shown.GetProperty("uplift_arm 2").GetDouble(), 1e-12);
        Assert.False(shown.TryGetProperty("uplift", out _));
    }

    [Theory]
    [InlineData("""[{ "id": "1", "features": { "colour": "red" } }]""", "customers[0].features.colour", "knows no feature 'colour'")]
    [InlineData("""[{ "id": "0" }, { "id": "1", "features": { "x_new": "yes" } }]""", "customers[1].features.x_new", "A number is wanted")]
    [InlineData("""[{ "id": "1", "features": { "x_new": true } }]""", "customers[0].features.x_new", "A number is wanted")]
    [InlineData("""[{ "id": "1", "features": { "x_new": 1e99 } }]""", "customers[0].features.x_new", "too large")]
    [InlineData("""[{ "id": "1", "features": { "channel": 3 } }]""", "customers[0].features.channel", "A text is wanted")]
    [InlineData("""[{ "id": "1", "features": { "new": 1, "x_new": 1 } }]""", "customers[0].features.x_new", "given twice")]
    [InlineData("""[{ "id": "1", "features": { "no such": 1 } }]""", "customers[0].features['no such']", "knows no feature")]
    [InlineData("""[{ "id": "a" }, { "id": "b" }, { "id": "a" }]""", "customers[2].id", "first as customers[0]")]
    [InlineData("""[{ "features": {} }]""", "customers[0].id", "needs an id")]
    [InlineData("[null]", "customers[0].id", "needs an id")]
    [InlineData("[]", "customers", "at least one")]
    [InlineData("null", "customers", "at least one")]
    public async Task Score_BadInput_NamesTheFieldAndWhy(string customers, string path, string sentence)
    {
        var manifest = await ManifestAsync();
        var refused = ScoreRequestTable.Build(manifest, Request(null, customers).Customers);
        Assert.Equal(FailureKind.Invalid, refused.Failure!.Kind);
        Assert.Contains(sentence, refused.Failure.Errors![path][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_TooMany_AreRefused()
    {
        var manifest = await ManifestAsync();
        CustomerToScore[] Customers(int count) => [.. Enumerable.Range(0, count).Select(i => new CustomerToScore($"C-{i}"))];
        Assert.True(ScoreRequestTable.Build(manifest, Customers(10_000)).Succeeded);
        Assert.Contains("these are 10001", ScoreRequestTable.Build(manifest, Customers(10_001)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_ManyWrong_StopsAtTwenty()
    {
        var customers = Enumerable.Range(0, 500).Select(_ => new CustomerToScore("")).ToArray();
        Assert.Equal(20, ScoreRequestTable.Build(await ManifestAsync(), customers).Failure!.Errors!.Count);
    }

    [Fact]
    public async Task Score_NoModelOrUnknownOrDamaged_SaysSo()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var service = room.Get<ScoreService>();
        Assert.Equal("no-effect-model", (await service.ScoreAsync(Request(null, """[{ "id": "1" }]"""), Cancel)).Failure!.Code);
        Assert.Equal("There is no model with this id.", (await service.ScoreAsync(Request(Guid.NewGuid(), """[{ "id": "1" }]"""), Cancel)).Failure!.Errors!["modelId"][0]);

        var id = await TrainAsync(room, ATable.Experiment(rows: 500));
        await File.AppendAllTextAsync(room.ModelFile(id, ModelManifest.ModelFile), " ", Cancel);
        var damaged = (await service.ScoreAsync(Request(id, """[{ "id": "1" }]"""), Cancel)).Failure!;
        Assert.Equal((FailureKind.Conflict, "model-damaged"), (damaged.Kind, damaged.Code));
        Assert.Contains("is not what was written", damaged.Message, StringComparison.Ordinal);
    }

    private static async Task<ModelManifest> ManifestAsync()
    {
        await using var room = await TrainingRoom.OpenAsync();
        return await room.Get<ModelStore>().ManifestAsync(await TrainAsync(room, ATable.Experiment(rows: 300)), Cancel);
    }
}
