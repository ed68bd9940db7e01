using System.Globalization;
using System.Text;
using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Tests.TrainingData;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Application.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Tests.Uplift.Models;

public sealed class ModelServiceTests
{
    private static async Task<Guid> TrainAsync(TrainingRoom room, Guid experiment, int seed = 1) =>
        JsonSerializer.Deserialize<TrainModelResult>((await room.TrainAsync(new TrainingRequest(ExperimentId: experiment, Outcome: "converted", Learner: "t", Seed: seed))).Result!, JsonSerializerOptions.Web)!.ModelId;

    [Fact]
    public async Task PromoteAndRollback_TwoVersions_MoveThePointer()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var models = room.Get<ModelService>();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 800));
        var (first, second) = (await TrainAsync(room, experiment), await TrainAsync(room, experiment, seed: 2));
        var scope = ModelVersion.ScopeOf(experiment);
        Assert.Equal(first, (await models.ChampionAsync(scope, CancellationToken.None))!.Id);

        Assert.Null(await models.BeforeChampionAsync(scope, CancellationToken.None));
        Assert.True((await models.PromoteAsync(second, TrainingRoom.Admin, CancellationToken.None)).Succeeded);
        Assert.Equal(second, (await models.ChampionAsync(scope, CancellationToken.None))!.Id);
        Assert.Equal(first, (await models.BeforeChampionAsync(scope, CancellationToken.None))!.Id);
        Assert.Equal("model-in-use", (await models.PromoteAsync(second, TrainingRoom.Admin, CancellationToken.None)).Failure!.Code);

        Assert.Equal("model-not-in-use", (await models.RollbackAsync(first, TrainingRoom.Admin, CancellationToken.None)).Failure!.Code);
        Assert.Equal(first, (await models.RollbackAsync(second, TrainingRoom.Admin, CancellationToken.None)).Value);
        Assert.Equal(first, (await models.ChampionAsync(scope, CancellationToken.None))!.Id);
        Assert.Equal("no-earlier-model", (await models.RollbackAsync(first, TrainingRoom.Admin, CancellationToken.None)).Failure!.Code);
        Assert.Null(await models.ChampionAsync(ModelVersion.ShopScope, CancellationToken.None));

        var list = await models.ListAsync(new PageRequest(), CancellationToken.None);
        Assert.Equal([(second, 2, false), (first, 1, true)], list.Items.Select(m => (m.Id, m.Number, m.InUse)));
    }

    [Fact]
    public async Task Rollback_Webhook_HearsOfTheVersionInUseAgain()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 800));
        var (first, second) = (await TrainAsync(room, experiment), await TrainAsync(room, experiment, seed: 2));
        var models = room.Get<ModelService>();
        await room.Get<WebhookService>().CreateAsync(new WebhookDraft("https://shop.example/hook", "Shop", [WebhookTopics.ModelPromoted], true), TrainingRoom.Admin, CancellationToken.None);
        await models.PromoteAsync(second, TrainingRoom.Admin, CancellationToken.None);
        await models.RollbackAsync(second, TrainingRoom.Admin, CancellationToken.None);
        Assert.Equal("no-earlier-model", (await models.RollbackAsync(first, TrainingRoom.Admin, CancellationToken.None)).Failure!.Code);

        await using var context = await room.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        var told = await context.WebhookEvents.OrderBy(e => e.At).Select(e => e.Body).ToListAsync();
        Assert.Equal([second, first], told.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("modelId").GetGuid()));
    }

    [Theory]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Manager)]
    public async Task Promote_NotAdmin_IsForbidden(string role)
    {
        await using var room = await TrainingRoom.OpenAsync();
        var outcome = await room.Get<ModelService>().PromoteAsync(Guid.NewGuid(), Actor.Of("m", "M", role), CancellationToken.None);
        Assert.Equal(FailureKind.Forbidden, outcome.Failure!.Kind);
    }

    [Fact]
    public async Task Load_TornFile_IsRefusedWithASentence()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var store = room.Get<ModelStore>();
        var id = await TrainAsync(room, await room.ExperimentAsync(ATable.Experiment(rows: 800)));
        Assert.NotEmpty((await store.LoadAsync(id, CancellationToken.None)).Model.Model.Arms);

        var file = room.ModelFile(id, ModelManifest.ModelFile);
        var bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)]);
        var torn = await Assert.ThrowsAsync<ModelDamagedException>(() => store.LoadAsync(id, CancellationToken.None));
        Assert.Contains("model.json is not what was written", torn.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(room.ModelFile(id, ModelManifest.FileName), "{\"id\":");
        var detail = (await room.Get<ModelService>().FindAsync(id, CancellationToken.None)).Value;
        Assert.Null(detail.Manifest);
        Assert.Contains("manifest.json is cut off", detail.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_StoredModel_ScoresAsInTraining()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 1500);
        var id = await TrainAsync(room, await room.ExperimentAsync(table), seed: 9);
        var trained = await UpliftTraining.RunAsync(table, "converted", new TrainingPlan("t", Seed: 9), _ => Task.CompletedTask, CancellationToken.None);
        var (_, stored) = await room.Get<ModelStore>().LoadAsync(id, CancellationToken.None);
        double[][] mu0 = [new double[table.Count]], mu1 = [new double[table.Count]];
        stored.Model.Predict(stored.Encoder.Encode(table), trained.Split.Test, mu0, mu1, CancellationToken.None);
        Assert.All(trained.Split.Test, i => Assert.Equal((trained.Mu0[0][i], trained.Mu1[0][i]), (mu0[0][i], mu1[0][i])));
    }

    [Fact]
    public async Task WriteCsv_OneArm_HasEveryRowInOrder()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 800);
        var id = await TrainAsync(room, await room.ExperimentAsync(table));
        var lines = await CsvAsync(room, id);
        Assert.Equal("row,customerId,split,control,treated,uplift", lines[0]);
        Assert.Equal(801, lines.Length);
        for (var i = 0; i < 800; i++)
        {
            var cells = lines[i + 1].Split(',');
            Assert.Equal(($"{i}", $"C-{i}"), (cells[0], cells[1]));
            Assert.Contains(cells[2], new[] { "train", "test" });
            Assert.Equal(Number(cells[4]) - Number(cells[3]), Number(cells[5]), 1e-12);
        }
    }

    [Fact]
    public async Task WriteCsv_SeveralArms_NamesTheBest()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var id = await TrainAsync(room, await room.ExperimentAsync(ATable.Experiment(rows: 1500, arms: 3, treatedShare: 0.6)));
        var lines = await CsvAsync(room, id);
        Assert.Equal("row,customerId,split,control,treated_arm 1,uplift_arm 1,treated_arm 2,uplift_arm 2,best", lines[0]);
        foreach (var line in lines[1..])
        {
            var cells = line.Split(',');
            var (one, two) = (Number(cells[5]), Number(cells[7]));
            Assert.Equal(one <= 0 && two <= 0 ? "control" : one >= two ? "arm 1" : "arm 2", cells[8]);
        }
    }

    [Fact]
    public async Task Start_WrongRequest_SaysWhatThereIs()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var experiment = await room.ExperimentAsync(ATable.Experiment(rows: 200));
        var training = room.Get<TrainingService>();
        var wrong = await training.StartAsync(new TrainingRequest(ExperimentId: experiment, Outcome: "visits", Arms: ["arm 7"], Learner: "magic"), TrainingRoom.Admin, CancellationToken.None);
        Assert.Equal(["arms", "learner", "outcome"], wrong.Failure!.Errors!.Keys.Order());
        Assert.Contains("converted, margin", wrong.Failure.Errors["outcome"][0], StringComparison.Ordinal);
        Assert.Equal("invalid", (await training.StartAsync(new TrainingRequest(ExperimentId: Guid.NewGuid()), TrainingRoom.Admin, CancellationToken.None)).Failure!.Code);
        Assert.Equal(FailureKind.Forbidden, (await training.StartAsync(new TrainingRequest(), Actor.Of("m", "M", Roles.Marketer), CancellationToken.None)).Failure!.Kind);
    }

    [Fact]
    public async Task Read_TableInTheLake_IsWhatWasWritten()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 300, arms: 3, split: true);
        var read = await room.Get<UpliftTableReader>().ReadAsync(UpliftTableManifest.ExperimentFolder(await room.ExperimentAsync(table)), CancellationToken.None);
        Assert.Equal(table.Hash(), read.Hash());
        var one = read.WithArms(["arm 2"]);
        Assert.Equal(["control", "arm 2"], one.Manifest.Arms);
        Assert.Equal(table.Arms.Count(a => a is 0 or 2), one.Count);
        // P(own arm) 1/2 control, 1/4 each: against control alone 1/3.
        Assert.All(one.Propensity, p => Assert.Equal(1 / 3.0, p, 1e-9));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<string[]> CsvAsync(TrainingRoom room, Guid id)
    {
        using var stream = new MemoryStream();
        await room.Get<TrainingRowScores>().WriteCsvAsync(id, stream, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
