using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Simulation;

namespace CampaignManager.Benchmarks;

/// <summary>
/// Every learner on every simulated experiment, judged by the known truth on 20,000 fresh customers. Each result is appended to a file as soon as it is there,
/// so an interrupted run goes on where it stopped.
/// </summary>
internal static class SimulationBenchmark
{
    private const int TestRows = 20_000;

    public static Task RunAsync(string[] args) => RunAsync(args, BenchmarkLearners.All, BenchmarkLearners.CrossFittedScores);

    /// <param name="args">Rows, seeds, folder.</param>
    /// <param name="learners">Compared, in this order.</param>
    /// <param name="scores">Cross-fitted Γ of all rows: what segment intervals are made of.</param>
    public static async Task RunAsync(string[] args, IReadOnlyList<IUpliftLearner> learners, Func<UpliftTask, FitContext, double[]> scores)
    {
        var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4000;
        var seeds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        var folder = args.Length > 2 ? args[2] : Path.Combine("artifacts", "simulate");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "results.jsonl");
        var results = SimulationResult.Read(file);
        var present = results.Select(r => r.Key).ToHashSet();
        // A torn last line must not swallow the next one.
        if (File.Exists(file) && await File.ReadAllTextAsync(file) is [.., not '\n'])
            await File.AppendAllTextAsync(file, "\n");

        foreach (var process in Simulations.All)
        {
            for (var seed = 1; seed <= seeds; seed++)
            {
                List<string> missing = [.. learners.Select(l => l.Name).Append(SimulationResult.Segments).Where(name => !present.Contains((process.Name, rows, seed, name)))];
                if (missing.Count == 0)
                    continue;
                var train = process.Draw(rows, (ulong)seed);
                var task = train.Task(Environment.ProcessorCount);
                var context = new FitContext((ulong)seed, Environment.ProcessorCount);
                if (missing.Remove(SimulationResult.Segments))
                {
                    var watch = Stopwatch.StartNew();
                    var intervals = SegmentIntervals.Of(train, scores(task, context));
                    await KeepAsync(new SimulationResult(process.Name, rows, seed, SimulationResult.Segments, null, null, null, null, watch.Elapsed.TotalSeconds, intervals));
                }

                var test = process.DrawTest(TestRows, (ulong)seed);
                foreach (var learner in learners.Where(l => missing.Contains(l.Name)))
                    await KeepAsync(Measure(learner, task, test, rows, seed, context));
            }
        }

        SimulationTable.Print([.. results.Where(r => r.Rows == rows && r.Seed <= seeds)], [.. learners.Select(l => l.Name)]);

        async Task KeepAsync(SimulationResult result)
        {
            results.Add(result);
            await File.AppendAllTextAsync(file, JsonSerializer.Serialize(result) + "\n");
        }
    }

    private static SimulationResult Measure(IUpliftLearner learner, UpliftTask task, SimulatedExperiment test, int rows, int seed, FitContext context)
    {
        var watch = Stopwatch.StartNew();
        var model = learner.Fit(task, [.. Enumerable.Range(0, task.X.Rows)], context);
        double[] mu0 = new double[test.Rows], mu1 = new double[test.Rows];
        model.Predict(test.X, [.. Enumerable.Range(0, test.Rows)], mu0, mu1, context.Threads);
        return SimulationResult.Of(test, rows, seed, learner.Name, mu0, mu1, watch.Elapsed.TotalSeconds);
    }
}
