using System.Globalization;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Simulation;

namespace CampaignManager.Benchmarks;

/// <summary>Coverage and width of 90 % segment intervals over many simulated experiments, the processes in turn, beside an oracle that knows both mean outcomes.</summary>
internal static class CoverageSegmentsBenchmark
{
    public static Task RunAsync(string[] args) => RunAsync(args, BenchmarkLearners.CrossFittedScores);

    /// <param name="args">Experiments, rows.</param>
    /// <param name="scores">Cross-fitted Γ of all rows.</param>
    public static Task RunAsync(string[] args, Func<UpliftTask, FitContext, double[]> scores)
    {
        var experiments = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100;
        var rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4000;
        List<(string Process, SegmentIntervals Own, SegmentIntervals Oracle)> judged = [];
        for (var e = 0; e < experiments; e++)
        {
            var drawn = Simulations.All[e % Simulations.All.Count].Draw(rows, (ulong)(1000 + e));
            var context = new FitContext((ulong)e, Environment.ProcessorCount);
            judged.Add((drawn.Name, SegmentIntervals.Of(drawn, scores(drawn.Task(context.Threads), context)), SegmentIntervals.Of(drawn, SegmentIntervals.Oracles(drawn))));
        }

        Console.WriteLine($"{experiments} experiments of {rows.ToString("N0", CultureInfo.InvariantCulture)} customers, {SegmentIntervals.Segments} segments each.");
        Console.WriteLine();
        Console.WriteLine("| process | 90 % intervals cover | hold jointly | interval score ÷ oracle's |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var process in judged.GroupBy(j => j.Process))
            SimulationTable.Cover(process.Key, [.. process.Select(j => j.Own)]);
        // Money would outweigh everything in a sum of scores: over all processes the ratio is the mean of each experiment's.
        Cover("**all**", [.. judged.Select(j => j.Own)]);
        Cover("**oracle**", [.. judged.Select(j => j.Oracle)]);

        static void Cover(string name, IReadOnlyList<SegmentIntervals> intervals) => SimulationTable.Cover(name, [.. intervals.Select(i => i with { Score = i.Score / i.Oracle, Oracle = 1 })]);
        return Task.CompletedTask;
    }
}
