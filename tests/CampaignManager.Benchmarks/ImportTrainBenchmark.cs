using System.Globalization;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Application.Uplift.Models;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Benchmarks;

/// <summary>From an experiment's file to a model that is judged and saved, as a person does it: upload, import, train, score.</summary>
internal static class ImportTrainBenchmark
{
    public const string One = "import-train-one";

    private static readonly Actor Admin = Actor.Of("bench", "Bench", Roles.Admin);

    /// <param name="args">Rows, learner; both optional.</param>
    public static async Task RunAsync(string[] args)
    {
        var rows = args.ElementAtOrDefault(0) ?? "100000";
        var learner = args.ElementAtOrDefault(1) ?? "s";
        Measured.Print([($"{long.Parse(rows, CultureInfo.InvariantCulture):N0} rows × {ExperimentFile.Width}, learner `{learner}`", await Measured.InChildAsync(One, rows, learner))]);
    }

    public static async Task<Measured> MeasureAsync(string[] args)
    {
        await using var room = await BenchRoom.OpenAsync();
        using var peaks = new StagePeaks(room);
        var path = room.Get<DataLake>().PathTo("experiment.csv");
        await room.TimeAsync("making the file (not the app's work)", () => Task.Run(() => ExperimentFile.Write(room.Get<DataLake>(), path, long.Parse(args[0], CultureInfo.InvariantCulture))));

        var imports = room.Get<ImportService>();
        var list = room.Get<ImportViews>();
        Guid import = default;
        await room.TimeAsync("upload", async () =>
        {
            await using var file = File.OpenRead(path);
            import = (await imports.UploadAsync(Admin, Path.GetFileName(path), file, CancellationToken.None)).Value;
        });
        await room.TimeAsync("import", async () =>
        {
            var started = await imports.StartAsync(Admin, import, new DataSetMapping
            {
                CustomerId = ExperimentFile.Customer,
                Treatment = new TreatmentMapping(ExperimentFile.Treatment, "0", ["1"]),
                Outcomes = [new OutcomeMapping(ExperimentFile.Outcome, "binary")],
                Propensity = new PropensityMapping(UpliftSpeedFile.Share, null),
            }, CancellationToken.None);
            if (!started.Succeeded)
                throw new InvalidOperationException(started.Failure.ToString());
            await RunAsync(room, (await list.FindAsync(import, CancellationToken.None))!.JobRunId!.Value);
        });
        var experiment = (await list.FindAsync(import, CancellationToken.None))!.ExperimentId!.Value;

        Guid model = default;
        await room.TimeAsync("training run (cross-fitting, evaluation, saving)", async () =>
        {
            var started = await room.Get<TrainingService>().StartAsync(new TrainingRequest(ExperimentId: experiment, Outcome: ExperimentFile.Outcome, Learner: args[1]), Admin, CancellationToken.None);
            if (!started.Succeeded)
                throw new InvalidOperationException(started.Failure.ToString());
            await RunAsync(room, model = started.Value);
        });
        var stages = peaks.ToString();

        var (manifest, stored) = await room.Get<ModelStore>().LoadAsync(model, CancellationToken.None);
        var folder = UpliftTableManifest.ExperimentFolder(experiment);
        UpliftTable table = null!;
        await room.TimeAsync("reading the table again", async () => table = await room.Get<UpliftTableReader>().ReadAsync(folder, CancellationToken.None));
        await room.TimeAsync("scoring all of its rows", () => Task.Run(() =>
            stored.Model.Predict(stored.Encoder.Encode(table), [.. Enumerable.Range(0, table.Count)], [new double[table.Count]], [new double[table.Count]], CancellationToken.None)));
        return new Measured(room.Seconds, new Dictionary<string, string>
        {
            ["rows"] = manifest.Rows.ToString("N0", CultureInfo.InvariantCulture),
            ["features"] = manifest.Features.Count.ToString(CultureInfo.InvariantCulture),
            ["file"] = Megabytes(path),
            ["table in the lake"] = Megabytes(room.Get<DataLake>().PathTo($"{folder}/{UpliftTableManifest.TableFile}")),
            ["Qini on the held-out third"] = TrainBenchmark.Interval(manifest.Evaluation[0].Metrics.Qini),
            ["most memory by stage, MB (of it managed)"] = stages,
        }, 0);
    }

    private static async Task RunAsync(BenchRoom room, Guid id)
    {
        await room.Get<JobRunner>().ExecuteAsync(id, CancellationToken.None);
        if (await room.Get<JobService>().FindAsync(id, CancellationToken.None) is var run && run is not { State: JobState.Succeeded })
            throw new InvalidOperationException($"{run?.Kind} ended {run?.State}: {run?.Error}");
    }

    private static string Megabytes(string path) => FormattableString.Invariant($"{new FileInfo(path).Length / 1e6:0} MB");
}
