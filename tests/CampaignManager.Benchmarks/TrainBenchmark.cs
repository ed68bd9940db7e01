using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Benchmarks;

/// <summary>Features, training and scoring of the shop's own model.</summary>
internal static class TrainBenchmark
{
    public const string One = "train-one";

    private static readonly Actor Admin = Actor.Of("bench", "Bench", Roles.Admin);

    public static async Task RunAsync(string[] sizes)
    {
        List<(string, Measured)> columns = [];
        foreach (var size in sizes.Length == 0 ? ["20000"] : sizes)
            columns.Add(($"{int.Parse(size, CultureInfo.InvariantCulture):N0} customers", await Measured.InChildAsync(One, size)));
        Measured.Print(columns);
    }

    public static async Task<Measured> MeasureAsync(int customers)
    {
        await using var room = await BenchRoom.OpenAsync();
        await DemoBenchmark.BuildAsync(room, customers);
        var steps = room.Seconds.ToDictionary();
        room.Seconds.Clear();
        room.Seconds["features, segments, training table"] = steps["features, segments, training table"];

        Guid id = default;
        List<(string Learner, string Peaks)> peaks = [];
        foreach (var learner in new[] { UpliftLearners.Find("t")!, UpliftLearners.Find("s")! })
        {
            using var watch = new StagePeaks(room);
            await room.TimeAsync($"training run, learner `{learner.Name}` (cross-fitting, evaluation, saving)", async () =>
            {
                id = (await room.Get<TrainingService>().StartAsync(new TrainingRequest(Learner: learner.Name), Admin, CancellationToken.None)).Value;
                await room.Get<JobRunner>().ExecuteAsync(id, CancellationToken.None);
            });
            var run = await room.Get<JobService>().FindAsync(id, CancellationToken.None);
            if (run is not { State: JobState.Succeeded })
                throw new InvalidOperationException($"Training ended {run?.State}: {run?.Error}");
            peaks.Add((learner.Name, watch.ToString()));
        }

        var (manifest, stored) = await room.Get<ModelStore>().LoadAsync(id, CancellationToken.None);
        var table = await room.Get<UpliftTableReader>().ReadAsync(UpliftTableManifest.ShopFolder, CancellationToken.None);
        await room.TimeAsync("scoring the whole training table, learner `" + manifest.Learner + "`", () => Task.Run(() =>
        {
            var x = stored.Encoder.Encode(table);
            stored.Model.Predict(x, [.. Enumerable.Range(0, table.Count)], [new double[table.Count]], [new double[table.Count]], CancellationToken.None);
        }));
        var facts = new Dictionary<string, string>
        {
            ["rows of the training table"] = manifest.Rows.ToString("N0", CultureInfo.InvariantCulture),
            ["features"] = manifest.Features.Count.ToString(CultureInfo.InvariantCulture),
            ["rows scored per second"] = (table.Count / room.Seconds.Values.Last()).ToString("N0", CultureInfo.InvariantCulture),
            ["Qini on the held-out third, learner `" + manifest.Learner + "`"] = Interval(manifest.Evaluation[0].Metrics.Qini),
        };
        foreach (var (learner, stages) in peaks)
            facts[$"most memory by stage, learner `{learner}`, MB (of it managed)"] = stages;
        return new Measured(room.Seconds, facts, 0);
    }

    internal static string Interval(Engine.Uplift.Estimate e) => FormattableString.Invariant($"{e.Value:0.000} [{e.Low:0.000} .. {e.High:0.000}]");
}
