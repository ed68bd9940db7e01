using CampaignManager.Simulation.Experiments;

namespace CampaignManager.Benchmarks;

/// <summary>The tables of <see cref="ExperimentsBenchmark"/>, with the goals beside the figures.</summary>
internal static class ExperimentTables
{
    private const double FewestPass = 0.2;

    public static void Print(string group, IReadOnlyList<(ExperimentSimulation Row, Figures Figures)> rows)
    {
        var (title, header, line) = group switch
        {
            ExperimentRows.NoEffect => ("No effect: what the decision at the planned end claims (goal 3.2 to 6.5 % in total, .9 to 4.0 % a side)",
                "| metric | buy | customers | held out | pass the gate | \"keep\" | \"stop\" | errors | plain Welch: keep + stop | goal |", (Func<ExperimentSimulation, Figures, string>)NoEffect),
            ExperimentRows.Coverage => ("Real effects: the interval shown (95.5 %) holds the true capped effect (goal 93.5 to 96.5 %)",
                "| metric | buy | customers | held out | times as many buyers | times as large baskets | pass the gate | covers | \"keep\" | \"stop\" | goal |", Coverage),
            _ => throw new ArgumentOutOfRangeException(nameof(group), group, "No such table."),
        };
        Console.WriteLine($"{title}:\n\n{header}");
        Console.WriteLine(string.Concat(Enumerable.Repeat("|---", header.Count(c => c == '|') - 1)) + "|");
        foreach (var (row, figures) in rows)
            Console.WriteLine(line(row, figures));
        Console.WriteLine();
    }

    private static string NoEffect(ExperimentSimulation row, Figures f)
    {
        double keep = f.Share(ClosedExperiment.Keep, ClosedExperiment.Passed), stop = f.Share(ClosedExperiment.Stop, ClosedExperiment.Passed);
        var cells = string.Join(" | ", row.Name.Split('|')[..4]);
        var pass = f.Share(ClosedExperiment.Passed, ExperimentSimulation.Runs);
        if (pass < FewestPass)
            return FormattableString.Invariant($"| {cells} | {100 * pass:0.0} % | | | gated | | |");
        var met = keep + stop is >= 0.032 and <= 0.065 && keep is >= 0.009 and <= 0.04 && stop is >= 0.009 and <= 0.04;
        return FormattableString.Invariant(
            $"| {cells} | {100 * pass:0.0} % | {100 * keep:0.00} % | {100 * stop:0.00} % | {100 * (keep + stop):0.00} % | {Of(f, ClosedExperiment.WelchKeep)} + {Of(f, ClosedExperiment.WelchStop)} | {Met(met)} |");
    }

    private static string Coverage(ExperimentSimulation row, Figures f)
    {
        var pass = f.Share(ClosedExperiment.Passed, ExperimentSimulation.Runs);
        var covers = f.Share(ClosedExperiment.Covers, ClosedExperiment.Passed);
        return FormattableString.Invariant(
            $"| {string.Join(" | ", row.Name.Split('|'))} | {100 * pass:0.0} % | {(pass < FewestPass ? "gated | | | |" : $"{100 * covers:0.00} % | {Of(f, ClosedExperiment.Keep)} | {Of(f, ClosedExperiment.Stop)} | {Met(covers is >= 0.935 and <= 0.965)} |")}");
    }

    private static string Of(Figures f, string name) => FormattableString.Invariant($"{100 * f.Share(name, ClosedExperiment.Passed):0.00} %");

    private static string Met(bool met) => met ? "met" : "**missed**";
}
