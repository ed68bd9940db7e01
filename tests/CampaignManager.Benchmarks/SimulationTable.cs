using CampaignManager.Simulation;

namespace CampaignManager.Benchmarks;

/// <summary>Results of the simulations as markdown: mean ± sd over seeds, then every learner's mean over the processes.</summary>
internal static class SimulationTable
{
    public static void Print(IReadOnlyList<SimulationResult> results, IReadOnlyList<string> learners)
    {
        Console.WriteLine("| process | learner | PEHE | PEHE ÷ constant effect's | Qini (money: qini_abs) | rank correlation with the truth | 90 % intervals cover | interval score ÷ oracle's | seconds |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var process in Simulations.All.Select(p => p.Name))
            foreach (var learner in learners)
                Row($"{process} | `{learner}`", [.. results.Where(r => r.Process == process && r.Learner == learner)], pehe: true);
        foreach (var learner in learners)
            Row($"**all** | `{learner}`", [.. results.Where(r => r.Learner == learner)], pehe: false);

        Console.WriteLine();
        Console.WriteLine("| process | 90 % intervals of five segments: cover | hold jointly | interval score ÷ oracle's |");
        Console.WriteLine("|---|---:|---:|---:|");
        var segments = results.Where(r => r.Learner == SimulationResult.Segments).ToList();
        foreach (var process in Simulations.All.Select(p => p.Name))
            Cover(process, [.. segments.Where(r => r.Process == process).Select(r => r.Intervals!)]);
        Cover("**all**", [.. segments.Select(r => Relative(r.Intervals!))]);
    }

    public static void Cover(string name, IReadOnlyList<SegmentIntervals> intervals)
    {
        if (intervals.Count > 0)
            Console.WriteLine(FormattableString.Invariant(
                $"| {name} | {intervals.Average(i => i.Covered):P1} | {intervals.Average(i => i.Joint ? 1.0 : 0):P1} | {intervals.Sum(i => i.Score) / intervals.Sum(i => i.Oracle):0.00} |"));
    }

    // Money would outweigh everything in a sum of scores.
    private static SegmentIntervals Relative(SegmentIntervals intervals) => intervals with { Score = intervals.Score / intervals.Oracle, Oracle = 1 };

    private static readonly HashSet<string> Money = [.. Simulations.All.Where(p => p.BasketSpread > 0).Select(p => p.Name)];

    // Over all processes units differ, so only ratios and ranks are averaged, and Qini where the outcome is 0/1.
    private static void Row(string name, List<SimulationResult> results, bool pehe)
    {
        if (results.Count == 0)
            return;
        var ratios = results.Select(r => r.Constant > 0.0001 ? r.Pehe / r.Constant : null);
        List<SegmentIntervals> intervals = [.. results.Select(r => r.Intervals).OfType<SegmentIntervals>().Select(Relative)];
        var covered = intervals.Count == 0 ? "– | –" : FormattableString.Invariant($"{intervals.Average(i => i.Covered):P1} | {intervals.Average(i => i.Score):0.00}");
        Console.WriteLine($"| {name} | {(pehe ? Spread(results.Select(r => r.Pehe), "0.0000") : "")} | {Spread(ratios, "0.00")} | {Spread(results.Where(r => pehe || !Money.Contains(r.Process)).Select(r => r.Qini), "0.0000")} | {Spread(results.Select(r => r.Rank), "0.00")} | {covered} | "
            + FormattableString.Invariant($"{results.Average(r => r.Seconds):0.00} |"));
    }

    private static string Spread(IEnumerable<double?> figures, string format)
    {
        List<double> values = [.. figures.OfType<double>()];
        if (values.Count == 0)
            return "–";
        var mean = values.Average();
        var sd = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Count - 1));
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return $"{mean.ToString(format, culture)} ± {sd.ToString(format, culture)}";
    }
}
